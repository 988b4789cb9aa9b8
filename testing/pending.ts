/**
 * Operations that the test starts now and awaits later.
 *
 * @module
 */

import type { Cluster, Request, TestClerk } from "./cluster.ts";
import { showCall, type Violation } from "./failure_report.ts";
import { HINTS } from "./hints.ts";

/** An operation that was started and is not awaited yet. */
export class Pending {
  /** True once the operation has returned. */
  completed = false;

  constructor(readonly request: Request, readonly result: Promise<string>) {
    // The code that awaits the result gets the failure.
    result.then(() => this.completed = true, () => {});
  }
}

/** Starts a get. */
export function startGet(clerk: TestClerk, key: string): Pending {
  return new Pending({ op: "get", key }, clerk.get(key));
}

/** Starts a put; its result is "". */
export function startPut(clerk: TestClerk, key: string, value: string): Pending {
  return new Pending({ op: "put", key, value }, clerk.put(key, value).then(() => ""));
}

/** Starts an append. */
export function startAppend(clerk: TestClerk, key: string, value: string): Pending {
  return new Pending({ op: "append", key, value }, clerk.append(key, value));
}

/** Waits for an operation, but not longer than `limitMs` milliseconds of this run. */
export async function waitFor(
  cluster: Cluster,
  pending: Pending,
  limitMs: number,
): Promise<void> {
  await Promise.race([pending.result, cluster.sleep(limitMs)]);
}

/** Checks that some operations still wait, and that others completed.
 *
 * @param waiting Operations on shards whose replicas are all down.
 * @param served Operations on shards with a replica that is up.
 */
export function pendingViolation(
  waiting: readonly Pending[],
  served: readonly Pending[],
): Violation | undefined {
  const early = waiting.find(({ completed }) => completed);
  if (early !== undefined) {
    return {
      what: `${showCall(early.request)} completed although all replicas of its shard are down`,
      hint: HINTS.notRejected,
    };
  }
  const stuck = served.find(({ completed }) => !completed);
  if (stuck !== undefined) {
    return {
      what: `${
        showCall(stuck.request)
      } did not complete in time although a replica of its shard is up`,
      hint: HINTS.noFallback,
    };
  }
  return undefined;
}
