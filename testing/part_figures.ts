/**
 * What one part of a test took: the line that `deno test` prints when it passed.
 *
 * @module
 */

import { realNow } from "../sim/mod.ts";

/** The counts of a run at one moment. */
export interface Counts {
  /** The virtual time, in milliseconds. */
  readonly virtualMs: number;
  /** The number of calls made. */
  readonly rpcs: number;
  /** The number of operations called. */
  readonly operations: number;
}

/** Starts to measure a part.
 *
 * @param start The counts at its beginning.
 * @returns A function that takes the counts at its end, and returns the figures. */
export function startPart(start: Counts): (end: Counts) => string[] {
  const realStartMs = realNow();
  const seconds = (ms: number) => (ms / 1000).toFixed(2);
  return (end) => [
    `${seconds(end.virtualMs - start.virtualMs)} s virtual`,
    `${seconds(realNow() - realStartMs)} s real`,
    `${end.rpcs - start.rpcs} RPCs`,
    `${end.operations - start.operations} ops`,
  ];
}
