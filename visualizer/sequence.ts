/**
 * A sequence diagram as SVG: a lifeline for each clerk and server, and a row for each step.
 * All rows have the same height: true to scale, a timeout would push the rest out of view.
 *
 * @module
 */

import { fitEnds } from "./browser/shapes.ts";
import type { PageStoryStep } from "./content.ts";
import { escapeHtml } from "./escape.ts";
import {
  arrowShape,
  FIRST_COLUMN_PX,
  HEADING,
  labelShape,
  LOOP,
  loopShape,
  MARGIN_PX,
  noteShape,
  ROW,
  TIME_PX,
  widthOf,
} from "./sequence_shapes.ts";

/** The limits of the distance between lifelines, which depends on the texts. */
const COLUMN_PX_MIN = 130;
const COLUMN_PX_MAX = 380;
/** The width of all columns, unless that makes columns narrower than the second value. */
const COLUMNS_PX = 1_100;
const CROWDED_COLUMN_PX_MAX = 190;

/** The space right of the last lifeline if there is no text. */
const LAST_COLUMN_PX_MIN = 60;

/** Draws a sequence diagram.
 *
 * @param columns The participants, from left to right. Any others come last.
 * @param steps The steps, from top to bottom.
 * @returns The HTML of the diagram in a box that scrolls.
 */
export function drawSequence(columns: readonly string[], steps: readonly PageStoryStep[]): string {
  const names = [...new Set([...columns, ...steps.flatMap(partiesOf)])];
  const columnPx = columnWidth(names, steps);
  const lifelines = new Map(names.map((name, i) => [name, FIRST_COLUMN_PX + i * columnPx]));
  const isLastWritten = steps.some((step) =>
    partiesOf(step).every((name) => name === names.at(-1))
  );
  const lastColumnPx = isLastWritten ? columnPx : LAST_COLUMN_PX_MIN;
  const widthPx = FIRST_COLUMN_PX + (names.length - 1) * columnPx + lastColumnPx;
  const heightPx = steps.length * ROW.heightPx + MARGIN_PX;
  const headings = Array.from(lifelines, ([name, x]) => {
    return labelShape("middle", x, HEADING.baselinePx, fitEnds(name, columnPx - MARGIN_PX));
  });
  const lines = Array.from(lifelines.values(), (x) => `M${x} 0V${heightPx}`);
  const rows = steps.map((step, i) => drawRow(step, i * ROW.heightPx, lifelines, columnPx));
  const spoken = `Sequence diagram of ${names.join(", ")}, in words below`;
  const size = (height: number) =>
    `width="${widthPx}" height="${height}" viewBox="0 0 ${widthPx} ${height}"`;
  return `<div class="sequence" role="group" aria-label="Drawing" tabindex="0">` +
    `<svg class="headings" ${size(HEADING.heightPx)} aria-hidden="true">` +
    `${labelShape("end", TIME_PX, HEADING.baselinePx, "ms")}${headings.join("")}</svg>` +
    `<svg ${size(heightPx)} role="img" aria-label="${escapeHtml(spoken)}">` +
    `<path class="lifelines" d="${lines.join("")}"/>${rows.join("")}</svg></div>`;
}

function partiesOf(step: PageStoryStep): [from: string, to: string] {
  return step.kind === "note" ? [step.at, step.at] : [step.from, step.to];
}

function columnWidth(names: readonly string[], steps: readonly PageStoryStep[]): number {
  const share = Math.floor(COLUMNS_PX / names.length);
  const max = Math.min(Math.max(share, CROWDED_COLUMN_PX_MAX), COLUMN_PX_MAX);
  const needed = steps.map((step) => {
    const [from, to] = partiesOf(step).map((name) => names.indexOf(name)) as [number, number];
    const loop = step.kind === "message" && from === to ? LOOP.widthPx : 0;
    const width = loop + widthOf(step.text) + 4 * MARGIN_PX;
    return Math.ceil(width / Math.max(Math.abs(to - from), 1));
  });
  return Math.min(needed.reduce((a, b) => Math.max(a, b), COLUMN_PX_MIN), max);
}

/** Draws one step.
 *
 * @param top The upper edge of its row. */
function drawRow(
  step: PageStoryStep,
  top: number,
  lifelines: ReadonlyMap<string, number>,
  columnPx: number,
): string {
  const time = labelShape("end", TIME_PX, top + ROW.baselinePx, step.atMs.toFixed(1), "time");
  const [x1, x2] = partiesOf(step).map((name) => lifelines.get(name)!) as [number, number];
  const y = top + ROW.linePx;
  const shape = step.kind === "note"
    ? noteShape(x1, top, step.text, columnPx)
    : x1 === x2
    ? loopShape(x1, top, step, columnPx)
    : arrowShape({ ...step, x1, y1: y, x2, y2: y });
  return `<g class="step">${time}${shape}</g>`;
}
