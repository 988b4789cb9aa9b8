/**
 * Operations of one client that overlap. They do not affect the check, but may be a mistake of the
 * recorder.
 *
 * @module
 */

import type { Timed } from "../model.ts";

/** Finds the first operation that its client called before an earlier one returned. Operations that
 * never returned do not count.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findOverlap } from "./overlap.ts";
 *
 * const one = { client: 0, call: 1, return: 5 };
 * const other = { client: 0, call: 4, return: 6 };
 * assertEquals(findOverlap([other, one]), [one, other]);
 * assertEquals(findOverlap([one, { ...other, call: 5 }]), undefined);
 * ```
 */
export function findOverlap<Op extends Timed>(
  operations: readonly Op[],
): [earlier: Op, later: Op] | undefined {
  /** The last operation of each client to return. */
  const last = new Map<number, Op>();
  for (const operation of operations.toSorted((a, b) => a.call - b.call)) {
    const earlier = last.get(operation.client);
    if (earlier !== undefined && operation.call < earlier.return!) return [earlier, operation];
    const isLater = earlier === undefined || operation.return! > earlier.return!;
    if (operation.return !== null && isLater) last.set(operation.client, operation);
  }
  return undefined;
}
