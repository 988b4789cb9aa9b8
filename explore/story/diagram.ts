/**
 * A story as text: a sequence diagram with a column for each clerk and server, and the violation with
 * its hint.
 *
 * @module
 */

import { cutEnd } from "../../linearizability/mod.ts";
import { violationLines } from "../../testing/failure_report.ts";
import type { Story } from "./story.ts";

const TIME_WIDTH = 9;
const WIDTH_MAX = 110;
const COLUMN_WIDTH_MAX = 40;
/** The number of columns that can be told apart. */
const COLUMNS_MAX = 25;

/** Returns the lines of a story. */
export function storyLines(story: Story): string[] {
  const { title, original, summary, violation } = story;
  const lines = [title, ...original === undefined ? [] : [`The run that failed: ${original}`], ""];
  const diagram = diagramLines(story);
  if (diagram.length > 0) lines.push(...diagram, "");
  if (summary !== "") lines.push(`  happened:  ${summary}`);
  // A story shows the events, and not the places in the code.
  const [what, ...details] = violationLines({ ...violation, where: [] });
  lines.push(`  violated:  ${what}`, ...details);
  return lines;
}

/** Draws the steps of a story; nothing if it has none.
 *
 * @param widthMax The greatest length of a line, in characters. */
export function diagramLines(
  { columns, steps }: Pick<Story, "columns" | "steps">,
  widthMax = WIDTH_MAX,
): string[] {
  if (steps.length === 0) return [];
  if (columns.length > COLUMNS_MAX) {
    const many = `  ${columns.length} clerks and servers are too many to draw here`;
    return [`${many}; the page that replay --html writes shows them`];
  }
  const share = Math.floor((widthMax - TIME_WIDTH) / columns.length);
  const width = Math.min(COLUMN_WIDTH_MAX, share);
  const places = new Map(columns.map((column, i) => [column, TIME_WIDTH + 2 + i * width]));
  const heading = new Row(places, "");
  heading.write(3, "    ms");
  for (const [column, place] of places) heading.write(place, column);
  const rows = steps.map((step) => {
    const row = new Row(places, "│");
    row.write(0, step.atMs.toFixed(1).padStart(TIME_WIDTH));
    if (step.kind === "note") {
      // The rest of the line is empty, so that a long text may extend beyond its column.
      const place = places.get(step.at)!;
      row.write(place, cutEnd(step.text, Math.max(width - 2, widthMax - place)));
    } else if (step.from === step.to) {
      row.loop(places.get(step.from)!, cutEnd(step.text, width - 5), step.isLost);
    } else row.draw(places.get(step.from)!, places.get(step.to)!, step.text, step.isLost);
    return row;
  });
  return [heading, ...rows].map(String);
}

/** One line of a diagram. */
class Row {
  readonly #chars: string[] = [];

  constructor(places: ReadonlyMap<string, number>, lifeline: string) {
    for (const place of places.values()) this.write(place, lifeline);
  }

  write(place: number, text: string): void {
    for (const [i, char] of [...text].entries()) this.#chars[place + i] = char;
  }

  /** Draws a message from a machine to itself. */
  loop(place: number, text: string, isLost: boolean): void {
    this.write(place + 1, `${isLost ? "✗" : "↩"} ${text}`);
  }

  /** Draws an arrow to another column with its text. A lost message ends on its way. */
  draw(from: number, to: number, text: string, isLost: boolean): void {
    const step = to > from ? 1 : -1;
    const length = Math.abs(to - from);
    const end = isLost ? from + step * Math.floor(length * 0.8) : to - step;
    for (let place = from + step; place !== end; place += step) this.write(place, "─");
    this.write(end, isLost ? "✗" : step > 0 ? "▶" : "◀");
    const [left, right] = [Math.min(from, end) + 2, Math.max(from, end) - 2];
    const label = ` ${cutEnd(text, right - left - 2)} `;
    this.write(left + Math.max(0, Math.floor((right - left - label.length) / 2)), label);
  }

  toString(): string {
    return Array.from(this.#chars, (char) => char ?? " ").join("").trimEnd();
  }
}
