/// <reference lib="dom" />
/**
 * Draws the whole of a part on one strip: how much was going on, what cannot be placed,
 * and which stretch is in view. Dragging on it moves the view.
 *
 * @module
 */

import { set, svg } from "./dom.ts";
import type { Scene } from "./scene.ts";

const HEIGHT_PX = 34;
const COLUMN_PX = 3;

/** The strip. */
export class Overview {
  readonly #root: SVGSVGElement;
  readonly #busy = svg("path", { class: "busy" });
  readonly #unplaced = svg("path", { class: "unplaced" });
  readonly #window = svg("rect", { class: "window", y: 0.5, height: HEIGHT_PX - 1 });
  readonly #stuck = svg("path", { class: "stuck" });
  /** The state that the strip was drawn for. */
  #drawn: readonly unknown[] = [];

  constructor(root: SVGSVGElement, onMove: (share: number) => void) {
    this.#root = root;
    set(root, { height: HEIGHT_PX });
    root.append(this.#busy, this.#unplaced, this.#window, this.#stuck);
    const move = (event: PointerEvent) => onMove(event.offsetX / root.clientWidth);
    root.addEventListener("pointerdown", (event) => {
      root.setPointerCapture(event.pointerId);
      move(event);
    });
    root.addEventListener("pointermove", (event) => {
      if (root.hasPointerCapture(event.pointerId)) move(event);
    });
  }

  /** Draws the strip. */
  draw(scene: Scene): void {
    const { view, axis, part } = scene;
    const { widthPx } = view;
    set(this.#root, { width: widthPx });
    const { from, to } = view.limits;
    const px = (at: number) => (at - from) / (to - from) * widthPx;
    const key = [axis, part, widthPx];
    if (!key.every((value, i) => value === this.#drawn[i])) {
      this.#drawn = key;
      this.#drawWhole(scene, widthPx, px);
    }
    const left = px(view.from);
    set(this.#window, { x: left, width: Math.max(px(view.to) - left, 3) });
  }

  #drawWhole({ axis, part, layout }: Scene, widthPx: number, px: (at: number) => number): void {
    const columns = Math.ceil(widthPx / COLUMN_PX) + 1;
    const all = new Int32Array(columns);
    const unplaced = new Int32Array(columns);
    axis.starts.forEach((start, place) => {
      const end = axis.ends[place]!;
      const last = Math.min(
        columns - 1,
        Math.floor(px(end === Infinity ? start : end) / COLUMN_PX),
      );
      for (let column = Math.floor(px(start) / COLUMN_PX); column <= last; column++) {
        all[column]!++;
        if (layout.statuses[place] !== "placed") unplaced[column]!++;
      }
    });
    const scale = (HEIGHT_PX - 6) / Math.max(...all, 1);
    const bars = (counts: Int32Array) => {
      let d = "";
      counts.forEach((count, column) => {
        if (count === 0) return;
        const height = Math.round(count * scale * 10) / 10;
        d += `M${column * COLUMN_PX} ${HEIGHT_PX}v${-height}h${COLUMN_PX}v${height}z`;
      });
      return d;
    };
    set(this.#busy, { d: bars(all) });
    set(this.#unplaced, { d: bars(unplaced) });
    const stuck = part.stuck === undefined ? undefined : px(axis.starts[part.stuck]!);
    // A cross over a line: told by shape as well as by colour.
    const cross = `M${stuck} ${HEIGHT_PX}V10m-4 -8l8 8m0 -8l-8 8`;
    set(this.#stuck, { d: stuck === undefined ? "" : cross });
  }
}
