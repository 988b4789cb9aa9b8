/**
 * The stretch of the axis that is in view, and its mapping to the screen.
 *
 * @module
 */

/** The space beyond the first and last event, as a share of the distance between them. */
const MARGIN = 0.02;

/** The greatest distance from the view at which shapes are drawn. */
const OUTSIDE_PX = 100;

/** The stretch in view. */
export class View {
  /** The ends of the stretch, on the axis. */
  from = 0;
  to = 1;
  /** Its width on the screen, in pixels. */
  widthPx = 1;
  /** The limits of the view. */
  limits = { from: 0, to: 1 };
  #spanMin = 1e-6;

  /** The length of the stretch, on the axis. */
  get span(): number {
    return this.to - this.from;
  }

  /** Sets the limits of the view.
   *
   * @param spanMin The shortest stretch that can be shown. */
  limit(from: number, to: number, spanMin: number): void {
    const margin = Math.max((to - from) * MARGIN, spanMin / 2);
    this.limits = { from: from - margin, to: to + margin };
    this.#spanMin = Math.min(spanMin, to - from + 2 * margin);
  }

  /** Shows a stretch, or the nearest one within the limits. */
  show(from: number, to: number): void {
    const { limits } = this;
    const span = Math.min(Math.max(to - from, this.#spanMin), limits.to - limits.from);
    const start = (from + to - span) / 2;
    this.from = Math.min(Math.max(start, limits.from), limits.to - span);
    this.to = this.from + span;
  }

  /** Shows a stretch with margins. */
  showWithMargin(from: number, to: number): void {
    const margin = (to - from) * MARGIN;
    this.show(from - margin, to + margin);
  }

  /** Centers the view on a position. */
  center(at: number, span = this.span): void {
    this.show(at - span / 2, at + span / 2);
  }

  /** Zooms in by a factor; the given pixel keeps its position. */
  zoom(factor: number, aroundPx = this.widthPx / 2): void {
    const { limits } = this;
    const span = Math.min(Math.max(this.span / factor, this.#spanMin), limits.to - limits.from);
    const from = this.at(aroundPx) - span * aroundPx / this.widthPx;
    this.show(from, from + span);
  }

  /** Moves along the axis. */
  pan(byPx: number): void {
    const by = byPx / this.widthPx * this.span;
    this.show(this.from + by, this.to + by);
  }

  /** Maps a position on the axis to a pixel. */
  px(at: number): number {
    return (at - this.from) / this.span * this.widthPx;
  }

  /** Maps a position to a pixel that is in or near the view. */
  pxNear(at: number): number {
    return Math.min(Math.max(this.px(at), -OUTSIDE_PX), this.widthPx + OUTSIDE_PX);
  }

  /** Maps a pixel to a position on the axis. */
  at(px: number): number {
    return this.from + px / this.widthPx * this.span;
  }
}

/** Returns round positions on the axis, about as far apart as requested.
 *
 * @param stepMin The least distance between them, on the axis. */
export function ticks(
  view: View,
  apartPx: number,
  stepMin = 0,
): { step: number; at: number[] } {
  const rough = Math.max(view.span * apartPx / view.widthPx, stepMin);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((step) =>
    step >= rough * (1 - 1e-9)
  )!;
  const first = Math.ceil(view.from / step);
  const last = Math.floor(view.to / step);
  return { step, at: Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step) };
}
