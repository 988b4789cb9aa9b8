/**
 * Operations of one client that overlap. A checker does not mind, but whoever recorded
 * the history may have given two clients one number.
 *
 * @module
 */

import type { Timed } from "./model.ts";

/** Finds the first operation that its client called before an earlier one returned.
 * Clients may go on after an operation that never returned.
 *
 * @param operations The operations in any order.
 * @returns The earlier and the later operation, or `undefined` if none overlap.
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
  /** The operation of each client that returned last. */
  const last = new Map<number, Op>();
  for (const operation of operations.toSorted((a, b) => a.call - b.call)) {
    const earlier = last.get(operation.client);
    if (earlier !== undefined && operation.call < earlier.return!) return [earlier, operation];
    const isLater = earlier === undefined || operation.return! > earlier.return!;
    if (operation.return !== null && isLater) last.set(operation.client, operation);
  }
  return undefined;
}
