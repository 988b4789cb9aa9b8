/**
 * Times of a history file that may be too large for a JavaScript number, such as those
 * of a clock that counts nanoseconds.
 *
 * @module
 */

import type { Pace } from "./pace.ts";

/** Returns true if the first time is before the second. */
export function isBefore(one: number | string, other: number | string): boolean {
  if (typeof one === "number" && typeof other === "number") return one < other;
  return BigInt(one) < BigInt(other);
}

/** An operation whose times may be too large for a number. */
export interface RawTimed {
  call: number | string;
  return: number | string | null;
}

/** Replaces times by numbers in the same order: the times themselves, if they fit.
 *
 * @throws {OutOfTime} There is no time left. */
export function replaceTimes(operations: RawTimed[], pace: Pace): void {
  const times = operations.flatMap(({ call, return: returned }) => {
    pace.spend();
    return returned === null ? [BigInt(call)] : [BigInt(call), BigInt(returned)];
  });
  const limit = BigInt(Number.MAX_SAFE_INTEGER);
  const fit = times.every((time) => time <= limit && time >= -limit);
  const sorted = [...new Set(times)].sort((a, b) => {
    pace.spend();
    return a < b ? -1 : 1;
  });
  const places = new Map(sorted.map((time, place) => [time, fit ? Number(time) : place]));
  for (const operation of operations) {
    pace.spend();
    operation.call = places.get(BigInt(operation.call))!;
    if (operation.return !== null) operation.return = places.get(BigInt(operation.return))!;
  }
}
