/**
 * A sequence diagram as SVG: a lifeline for each clerk and server, and a row for each
 * step, in the order given. Rows have the same height however far apart in time they
 * are: a timeout would otherwise push all that matters out of sight.
 *
 * Nothing is measured, because no browser is there yet. Texts are in a font whose
 * characters are equally wide, and are cut to the room that they have.
 *
 * @module
 */

import { CHARACTER_PX, fitEnds } from "./browser/shapes.ts";
import { strokePath } from "./browser/strokes.ts";
import type { PageStoryStep } from "./content.ts";
import { escapeHtml } from "./escape.ts";

type Message = PageStoryStep & { readonly kind: "message" };

/** The end of the times, and the place of the first lifeline. */
const TIME_PX = 62;
const FIRST_COLUMN_PX = 116;

/** The distance of lifelines: as far as the texts need, within these. */
const COLUMN_PX_MIN = 130;
const COLUMN_PX_MAX = 380;
/** The width of all columns together, unless each would get less than the second. */
const COLUMNS_PX = 1_100;
const CROWDED_COLUMN_PX_MAX = 190;

const HEADING = { heightPx: 28, baselinePx: 18 };

/** The room right of the last lifeline, if nothing is written there. */
const LAST_COLUMN_PX_MIN = 60;

/** The height of a row, and what is where in it. */
const ROW = { heightPx: 32, labelPx: 11, linePx: 21, baselinePx: 20, boxTopPx: 5, boxPx: 22 };

/** The room beside a text. */
const MARGIN_PX = 8;

/** The reach of a message to oneself, sideways, and up and down of its line. */
const LOOP = { widthPx: 24, heightPx: 7 };

/** The share of its way that a lost message gets, and the mark at its end. */
const LOST_SHARE = 0.6;
const LOST = "lost";

/** Draws a sequence diagram.
 *
 * @param columns The participants, from left to right; others come after them.
 * @param steps The steps, from top to bottom.
 * @returns The HTML: the drawing, in a box that scrolls if it is too large.
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
    return label("middle", x, HEADING.baselinePx, fitEnds(name, columnPx - MARGIN_PX));
  });
  const lines = Array.from(lifelines.values(), (x) => `M${x} 0V${heightPx}`);
  const rows = steps.map((step, i) => new Row(lifelines, columnPx, i * ROW.heightPx).draw(step));
  const spoken = `Sequence diagram of ${names.join(", ")}, in words below`;
  const size = (height: number) =>
    `width="${widthPx}" height="${height}" viewBox="0 0 ${widthPx} ${height}"`;
  return `<div class="sequence" role="group" aria-label="Drawing" tabindex="0">` +
    `<svg class="headings" ${size(HEADING.heightPx)} aria-hidden="true">` +
    `${label("end", TIME_PX, HEADING.baselinePx, "ms")}${headings.join("")}</svg>` +
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

/** One step, as it is drawn. */
class Row {
  readonly #lifelines: ReadonlyMap<string, number>;
  readonly #columnPx: number;
  readonly #top: number;

  constructor(lifelines: ReadonlyMap<string, number>, columnPx: number, top: number) {
    this.#lifelines = lifelines;
    this.#columnPx = columnPx;
    this.#top = top;
  }

  draw(step: PageStoryStep): string {
    const time = label("end", TIME_PX, this.#top + ROW.baselinePx, step.atMs.toFixed(1), "time");
    return `<g class="step">${time}${this.#drawing(step)}</g>`;
  }

  #drawing(step: PageStoryStep): string {
    if (step.kind === "note") return this.#note(step.at, step.text);
    return step.from === step.to ? this.#loop(step) : this.#arrow(step);
  }

  #note(at: string, text: string): string {
    const x = this.#lifelines.get(at)!;
    const shown = fitEnds(text, this.#columnPx - 4 * MARGIN_PX);
    const width = Math.ceil(widthOf(shown)) + 2 * MARGIN_PX;
    return `<rect class="note" x="${x - MARGIN_PX}" y="${this.#top + ROW.boxTopPx}" ` +
      `width="${width}" height="${ROW.boxPx}" rx="4"/>` +
      label("start", x, this.#top + ROW.baselinePx, shown);
  }

  #arrow({ from, to, text, isLost }: Message): string {
    const [start, end] = [this.#lifelines.get(from)!, this.#lifelines.get(to)!];
    const y = this.#top + ROW.linePx;
    const shown = fitEnds(text, Math.abs(end - start) - 4 * MARGIN_PX);
    const name = label("middle", (start + end) / 2, this.#top + ROW.labelPx, shown);
    if (!isLost) return `${line(`M${start} ${y}H${end}`)}${head(end, y, start)}${name}`;
    const stop = Math.round(start + LOST_SHARE * (end - start));
    return lostLine(`M${start} ${y}H${stop}`) + loss(stop, y, end > start) + name;
  }

  /** A message to oneself. */
  #loop({ from, text, isLost }: Message): string {
    const x = this.#lifelines.get(from)!;
    const middle = this.#top + ROW.linePx - LOOP.heightPx / 2;
    const [out, above, below] = [x + LOOP.widthPx, middle - LOOP.heightPx, middle + LOOP.heightPx];
    const room = this.#columnPx - LOOP.widthPx - 3 * MARGIN_PX;
    const shown = fitEnds(isLost ? `${LOST}: ${text}` : text, room);
    const name = label("start", out + MARGIN_PX, this.#top + ROW.baselinePx, shown);
    if (isLost) return `${lostLine(`M${x} ${above}H${out}V${below}`)}${cross(out, below)}${name}`;
    return `${line(`M${x} ${above}H${out}V${below}H${x}`)}${head(x, below, out)}${name}`;
  }
}

function line(path: string): string {
  return `<path class="stroke" d="${path}"/>`;
}

function lostLine(path: string): string {
  return `<path class="stroke lost" d="${path}"/>`;
}

function head(x: number, y: number, fromX: number): string {
  return `<path class="stroke head" d="${
    strokePath({ kind: "head", x1: x, y1: y, x2: fromX, y2: y })
  }"/>`;
}

function cross(x: number, y: number): string {
  return `<path class="stroke cross" d="${
    strokePath({ kind: "cross", x1: x, y1: y, x2: x, y2: y })
  }"/>`;
}

/** The end of what is lost, and the word for it on the way that is left. */
function loss(x: number, y: number, isToRight: boolean): string {
  const side = isToRight ? MARGIN_PX : -MARGIN_PX;
  return cross(x, y) + label(isToRight ? "start" : "end", x + side, y + 4, LOST, "drop");
}

function label(
  anchor: "start" | "middle" | "end",
  x: number,
  y: number,
  text: string,
  name = "text",
): string {
  return `<text class="${name}" text-anchor="${anchor}" x="${x}" y="${y}">${
    escapeHtml(text)
  }</text>`;
}

function widthOf(text: string): number {
  return text.length * CHARACTER_PX;
}
