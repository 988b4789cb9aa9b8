/**
 * The lines that the student's code printed, each with its event.
 *
 * @module
 */

import type { VNode } from "preact";
import type { Step } from "../../protocol.ts";
import { useConnection } from "./context.ts";
import { html } from "../../../visualizer/browser/html.ts";

/** A printed line. */
export interface PrintedLine {
  readonly text: string;
  /** The position after the step that it was printed in. */
  readonly position: number;
  readonly atMs: number;
}

/** Returns all printed lines of a run. */
export function printedLines(steps: readonly Step[]): PrintedLine[] {
  return steps.flatMap(({ printed = [], atMs }, i) =>
    printed.map((text) => ({ text, position: i + 1, atMs }))
  );
}

/** The lines up to a position. */
export function Console(
  { lines, position }: { lines: readonly PrintedLine[]; position: number },
): VNode {
  const connection = useConnection();
  const past = lines.filter((line) => line.position <= position);
  const later = lines.length - past.length;
  return html`
    <ol class="console">${past.map(({ text, position: at, atMs }, i) =>
      html`<li key=${i} class=${at === position ? "current" : ""}>
        <button type="button" aria-label=${`Show event ${at}`} onClick=${() =>
        connection.seek(at)}>${atMs.toFixed(1)}</button><span>${text}</span></li>`
    )}</ol>
    <p class="empty">${lines.length === 0
      ? "Nothing was printed. Output of console.log in a clerk or a handler appears here."
      : later === 0
      ? ""
      : `${later} more later`}</p>
  ` as VNode;
}
