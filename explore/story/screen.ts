/**
 * One failure on one screen of a terminal: its story, its violation, and the next thing to do. A long
 * story loses its middle.
 *
 * @module
 */

import { type Violation, violationLines } from "../../testing/failure_report.ts";
import { diagramLines } from "./diagram.ts";
import type { Story } from "./story.ts";

/** The size of a terminal, in characters. */
export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

/** The content of a screen. */
export interface ScreenContent {
  /** The failure, in one line. */
  readonly title: string;
  readonly violation: Violation;
  /** The smallest run that fails in the same way, if one was found. */
  readonly story?: Story | undefined;
  /** The next thing to do. */
  readonly next: string;
}

/** The column in which the text behind a label begins. */
const TEXT_COLUMN = 13;

/** The number of places in the code that are shown. */
const PLACES_MAX = 3;

/** A diagram with fewer rows shows nothing. */
const DIAGRAM_ROWS_MIN = 4;

/** Returns the lines of a screen, at most as many as it has rows. */
export function screenLines(
  { title, violation, story, next }: ScreenContent,
  { columns, rows }: ScreenSize,
): string[] {
  // The places belong to the same run as the sentence above them.
  const shown = story?.violation ?? violation;
  const where = shown.where?.slice(0, PLACES_MAX) ?? [];
  const [what, ...details] = violationLines({ ...shown, where })
    // A story shows the operation.
    .filter((line) => story === undefined || !line.startsWith("  operation:"));
  const happened = story?.summary ? [`  happened:  ${story.summary}`] : [];
  const wrap = (...lines: string[]) => lines.flatMap((line) => wrapped(line, columns));
  const first = wrap(title);
  const texts = wrap(...happened, ...`  violated:  ${what}`.split("\n"), ...details);
  const last = wrap(`  next:      ${next}`);
  const left = rows - first.length - last.length;
  const drawn = story === undefined ? [] : diagramLines(story, columns);
  const diagram = shortened(drawn, left - texts.length - 1);
  const body = diagram.length === 0 ? texts : [...diagram, "", ...texts];
  // A report that is longer than a screen keeps its end.
  return [...first, ...shortened(body, left), ...last];
}

/** Cuts the middle of some lines, so that they fit into some rows. */
function shortened(lines: readonly string[], rows: number): readonly string[] {
  if (lines.length <= rows) return lines;
  if (rows < DIAGRAM_ROWS_MIN) return [];
  const end = Math.floor((rows - 1) / 2);
  const gap = `${" ".repeat(TEXT_COLUMN - 2)}⋮`;
  return [...lines.slice(0, rows - 1 - end), gap, ...lines.slice(-end)];
}

/** Breaks a line between words; what follows is indented like the text behind a label. */
function wrapped(line: string, columns: number): string[] {
  const lines: string[] = [];
  let rest = line;
  while (rest.length > columns) {
    const space = rest.lastIndexOf(" ", columns);
    const at = space > TEXT_COLUMN ? space : columns;
    lines.push(rest.slice(0, at));
    rest = " ".repeat(TEXT_COLUMN) + rest.slice(at).trimStart();
  }
  return [...lines, rest];
}
