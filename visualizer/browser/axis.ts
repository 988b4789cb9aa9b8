/**
 * The horizontal axis: time or order.
 *
 * The time axis is for people; messages and faults have a position on it only. The order
 * axis gives every call and return its own position, even if many share an instant.
 * Neither contradicts the counters that the verdict rests on: if the times of a file do,
 * the page has the order axis only.
 *
 * @module
 */

import type { PageOperation } from "../content.ts";

/** The axis that is shown. */
export type AxisKind = "time" | "order";

/** The beginnings and ends of things on an axis. */
export interface Extents {
  readonly starts: Float64Array;
  /** Infinity for what never ended. */
  readonly ends: Float64Array;
}

/** The positions of one part's operations, and of moments in milliseconds. */
export interface Axis extends Extents {
  readonly kind: AxisKind;
  /** The positions of the first call and of the last event; never equal. */
  readonly from: number;
  readonly to: number;
  /** Returns the position of a moment; `undefined` if the operations have no times. */
  readonly place: ((atMs: number) => number) | undefined;
  /** Returns the label of a tick. */
  label(at: number, step: number): string;
}

/** Returns true if the operations have times, and they agree with the counters. */
export function hasTimes(operations: readonly PageOperation[]): boolean {
  const events: [counter: number, atMs: number][] = [];
  for (const { call, return: returned, callMs, returnMs } of operations) {
    if (callMs === undefined) return false;
    events.push([call, callMs]);
    if (returned === undefined) continue;
    if (returnMs === undefined) return false;
    events.push([returned, returnMs]);
  }
  events.sort(([a, aMs], [b, bMs]) => a - b || aMs - bMs);
  return events.length > 0 && events.every(([, atMs], i) => i === 0 || events[i - 1]![1] <= atMs);
}

/** Returns the time axis. The operations must have times; see {@linkcode hasTimes}. */
export function timeAxis(operations: readonly PageOperation[]): Axis {
  const starts = Float64Array.from(operations, ({ callMs }) => callMs!);
  const ends = Float64Array.from(operations, ({ returnMs }) => returnMs ?? Infinity);
  return {
    kind: "time",
    ...limited(starts, ends),
    place: (atMs) => atMs,
    label: (at, step) => `${at.toFixed(Math.max(0, -Math.floor(Math.log10(step) + 1e-9)))} ms`,
  };
}

/** Returns the order axis: one position for each value of the counter. */
export function orderAxis(operations: readonly PageOperation[]): Axis {
  const counters = [
    ...new Set(operations.flatMap(({ call, return: end = call }) => [call, end])),
  ].sort((a, b) => a - b);
  const ranks = new Map(counters.map((counter, rank) => [counter, rank]));
  const starts = Float64Array.from(operations, ({ call }) => ranks.get(call)!);
  const ends = Float64Array.from(operations, ({ return: end }) => {
    return end === undefined ? Infinity : ranks.get(end)!;
  });
  const times = new Float64Array(counters.length);
  operations.forEach(({ callMs = 0, returnMs = 0 }, i) => {
    times[starts[i]!] = callMs;
    if (ends[i] !== Infinity) times[ends[i]!] = returnMs;
  });
  return {
    kind: "order",
    ...limited(starts, ends),
    place: hasTimes(operations) ? placeBetween(times) : undefined,
    label: (at) => counters[at] === undefined ? "" : `#${counters[at]}`,
  };
}

/** The shortest axis. */
const SPAN_MIN = 1e-3;

/** The space right of the last event if an operation never returned, as a share. */
const OPEN_SHARE = 0.15;

function limited(starts: Float64Array, ends: Float64Array) {
  let [from, to, isOpen] = [Infinity, -Infinity, false];
  starts.forEach((start, i) => {
    const end = ends[i]!;
    from = Math.min(from, start);
    to = Math.max(to, end === Infinity ? start : end);
    isOpen ||= end === Infinity;
  });
  if (from > to) return { starts, ends, from: 0, to: 1 };
  to = Math.max(to, from + SPAN_MIN);
  return { starts, ends, from, to: isOpen ? to + OPEN_SHARE * (to - from) : to };
}

/** Interpolates between events. */
function placeBetween(times: Float64Array): (atMs: number) => number {
  const last = times.length - 1;
  const perEventMs = Math.max((times[last]! - times[0]!) / Math.max(last, 1), 1e-3);
  return (atMs) => {
    if (atMs < times[0]!) return (atMs - times[0]!) / perEventMs;
    if (atMs >= times[last]!) return last + (atMs - times[last]!) / perEventMs;
    const next = firstWhere(times.length, (i) => times[i]! > atMs);
    const [before, after] = [times[next - 1]!, times[next]!];
    return next - 1 + (atMs - before) / (after - before);
  };
}

/** Returns the first index below `count` for which `isCase` holds, or `count`. It must hold for
 * all later ones as well. */
export function firstWhere(count: number, isCase: (i: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isCase(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
