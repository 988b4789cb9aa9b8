/**
 * What any operation and any run can do wrong, put into the lab's words.
 *
 * @module
 */

import { StuckError } from "../sim/mod.ts";
import { show, showCall, type Violation } from "./failure_report.ts";
import { HINTS } from "./hints.ts";
import type { Request } from "./history_recorder.ts";

/** Every operation asks a server, and returns what its kind returns.
 *
 * @param result What the clerk's method returned.
 * @param rpcs How many calls the clerk made for it.
 */
export function resultViolation(
  request: Request,
  result: unknown,
  rpcs: number,
): Violation | undefined {
  const call = showCall(request);
  if (rpcs === 0) {
    return { what: `${call} returned without making an RPC`, hint: HINTS.noRpc };
  }
  if (request.op === "put" || typeof result === "string") return undefined;
  return {
    what: `${call} did not return a string`,
    expected: request.op === "get" ? "the value of the key" : "the value before the append",
    actual: show(result),
    hint: HINTS.resultType,
  };
}

/** No operation may throw: the clerk goes on until it hears a reply. */
export function thrownViolation(call: string, error: unknown): Violation {
  return { what: `${call} threw ${summary(error)}`, hint: HINTS.clerkThrew };
}

/** What an error that ended a run says about the solution, and the error whose
 * stack shows where. */
export function explainError(error: unknown): { violation: Violation; cause?: unknown } {
  if (error instanceof StuckError) {
    return { violation: { what: error.message, hint: HINTS[error.how] } };
  }
  if (!(error instanceof Error) || error.name !== "RpcError") {
    return {
      violation: { what: `Nobody handled ${summary(error)}`, hint: HINTS.unhandled },
      cause: error,
    };
  }
  const hint = error.cause === undefined ? HINTS.rpc : HINTS.handlerThrew;
  return { violation: { what: error.message, hint }, cause: error.cause ?? error };
}

function summary(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : show(error);
}
