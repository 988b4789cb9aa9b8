/**
 * A clerk whose operations are recorded in the history, and held to what can be said of any
 * operation at all: it asked a server, it returned the right type, it did not throw.
 *
 * @module
 */

import type { Settle } from "../labrpc.ts";
import type { Simulation } from "../sim/mod.ts";
import type { TestClerk } from "./cluster.ts";
import { resultViolation, thrownViolation } from "./explain.ts";
import { showCall, type Violation } from "./failure_report.ts";
import type { HistoryRecorder, Request } from "./history_recorder.ts";
import { clerkName } from "./names.ts";
import type { TraceEvent } from "./trace_event.ts";

/** Starts an operation, and tells its outcome. */
export type StartOperation = (request: Request, settle: Settle) => void;

/** The run that recorded operations are part of. */
export interface OperationRun {
  readonly simulation: Simulation<TraceEvent>;
  readonly recorder: HistoryRecorder;
  /** Returns the number of calls that a clerk made so far. */
  rpcsOf(client: number): number;
  /** Fails the run if there is a violation. */
  check(violation: Violation | undefined): void;
}

/** Makes a clerk of what starts its operations. */
export function recordedClerk(run: OperationRun, id: number, start: StartOperation): TestClerk {
  const perform = (request: Request) => performOperation(run, id, request, start);
  return {
    id,
    get: (key) => perform({ op: "get", key }),
    put: async (key, value) => void await perform({ op: "put", key, value }),
    append: (key, value) => perform({ op: "append", key, value }),
  };
}

/** Runs one operation of a clerk.
 *
 * @returns What the operation returned, "" for a put.
 * @throws {LabFailure} The operation did what no operation may do.
 */
export async function performOperation(
  run: OperationRun,
  client: number,
  request: Request,
  start: StartOperation,
): Promise<string> {
  const { simulation, recorder } = run;
  const rpcs = run.rpcsOf(client);
  const { op, key, value = "" } = request;
  simulation.trace.record({ kind: "called", client, operation: op, key, value });
  const operation = recorder.call(client, request);
  let result: unknown;
  try {
    // The wait comes first, so that an operation that never yields is named as well.
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const wait = simulation.wait(() => `${clerkName(client)}: ${showCall(request)}`, promise);
    start(request, { resolve, reject });
    result = await wait;
  } catch (error) {
    if (simulation.failure && error === simulation.failure.error) throw error;
    run.check(thrownViolation(request, error));
  }
  const output = request.op === "put" ? undefined : result as string;
  // A wrong result belongs in the history as well: a page and the checker read it later.
  recorder.return(operation, typeof output === "string" ? output : undefined);
  run.check(resultViolation(request, result, run.rpcsOf(client) - rpcs));
  simulation.trace.record({ kind: "returned", client, output: output ?? null });
  // An operation that did not wait for its reply must not stop time.
  if (simulation.clock.now() === operation.callMs) await simulation.sleep(0);
  return output ?? "";
}
