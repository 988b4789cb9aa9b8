/**
 * Operations that are expected to wait: started now, looked at later.
 *
 * @module
 */

import type { Cluster } from "./cluster.ts";
import type { Violation } from "./failure_report.ts";
import { HINTS } from "./hints.ts";

/** An operation that was started and is not waited for yet. */
export class Pending<T> {
  /** Whether it returned. */
  completed = false;

  /** @param call The call as it would be written.
   * @param result What it returns. */
  constructor(readonly call: string, readonly result: Promise<T>) {
    // A failure reaches whoever waits for the result.
    result.then(() => this.completed = true, () => {});
  }
}

/** Waits for an operation, but no longer than this.
 *
 * @param limitMs Milliseconds of this run.
 */
export async function waitFor(
  cluster: Cluster,
  pending: Pending<unknown>,
  limitMs: number,
): Promise<void> {
  await Promise.race([pending.result, cluster.sleep(limitMs)]);
}

/** Those that had to wait did, and the others completed.
 *
 * @param waiting Operations on shards that no clerk can reach.
 * @param served Operations on shards that have a replica left.
 */
export function pendingViolation(
  waiting: readonly Pending<unknown>[],
  served: readonly Pending<unknown>[],
): Violation | undefined {
  const early = waiting.find(({ completed }) => completed);
  if (early !== undefined) {
    return {
      what: `${early.call} completed although all replicas of its shard are down`,
      hint: HINTS.notRejected,
    };
  }
  const stuck = served.find(({ completed }) => !completed);
  if (stuck !== undefined) {
    return {
      what: `${stuck.call} did not complete although a replica of its shard is up`,
      hint: HINTS.noFallback,
    };
  }
  return undefined;
}
