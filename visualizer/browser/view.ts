/**
 * The stretch of the axis that is in view, and its place on the screen.
 *
 * @module
 */

/** The distance that one can go beyond the events, as a share of them. */
const MARGIN = 0.02;

/** How far outside things are drawn, at most. */
const OUTSIDE_PX = 100;

/** The stretch in view. */
export class View {
  /** The ends of the stretch, on the axis. */
  from = 0;
  to = 1;
  /** Its width on the screen, in pixels. */
  widthPx = 1;
  /** The ends of all that can be in view. */
  limits = { from: 0, to: 1 };
  #spanMin = 1e-6;

  /** The part of the axis that is in view. */
  get span(): number {
    return this.to - this.from;
  }

  /** Sets how far the view can go.
   *
   * @param spanMin The shortest stretch that is worth seeing. */
  limit(from: number, to: number, spanMin: number): void {
    const margin = Math.max((to - from) * MARGIN, spanMin / 2);
    this.limits = { from: from - margin, to: to + margin };
    this.#spanMin = Math.min(spanMin, to - from + 2 * margin);
  }

  /** Shows a stretch, or the nearest that can be shown. */
  show(from: number, to: number): void {
    const { limits } = this;
    const span = Math.min(Math.max(to - from, this.#spanMin), limits.to - limits.from);
    const start = (from + to - span) / 2;
    this.from = Math.min(Math.max(start, limits.from), limits.to - span);
    this.to = this.from + span;
  }

  /** Shows a stretch with some room at its sides. */
  showWithMargin(from: number, to: number): void {
    const margin = (to - from) * MARGIN;
    this.show(from - margin, to + margin);
  }

  /** Shows as much as now, around a place. */
  center(at: number, span = this.span): void {
    this.show(at - span / 2, at + span / 2);
  }

  /** Makes everything larger around a place. */
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

  /** Returns the place on the screen of a place on the axis. */
  px(at: number): number {
    return (at - this.from) / this.span * this.widthPx;
  }

  /** The same, no farther outside than one cannot see. */
  pxNear(at: number): number {
    return Math.min(Math.max(this.px(at), -OUTSIDE_PX), this.widthPx + OUTSIDE_PX);
  }

  /** Returns the place on the axis of a place on the screen. */
  at(px: number): number {
    return this.from + px / this.widthPx * this.span;
  }
}

/** Round places on the axis, about as far apart as is asked for.
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
