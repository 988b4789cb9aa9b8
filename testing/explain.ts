/**
 * The violations that any operation or any run can have: wrong results, and errors.
 *
 * @module
 */

import { linkOfTimeout } from "../labrpc/errors.ts";
import { StuckError } from "../sim/mod.ts";
import { show, showCall, type Violation } from "./failure_report.ts";
import { HINTS } from "./hints.ts";
import type { Request } from "./cluster.ts";
import { SubmissionError } from "./machines.ts";
import { isToken } from "./values.ts";

/** Checks that an operation asked a server and returned a value of the right type.
 *
 * @param result The value that the clerk's method returned.
 * @param rpcs The number of RPCs that the clerk made for it.
 */
export function resultViolation(
  request: Request,
  result: unknown,
  rpcs: number,
): Violation | undefined {
  if (rpcs === 0) {
    return { what: `${showCall(request)} returned without making an RPC`, hint: HINTS.noRpc };
  }
  if (request.op === "put") return undefined;
  if (typeof result !== "string") {
    return {
      what: `${showCall(request)} did not return a string`,
      expected: request.op === "get" ? "the value of the key" : "the value before the append",
      actual: show(result),
      hint: HINTS.resultType,
    };
  }
  return request.op === "append" ? ownTokenViolation(request, result, rpcs) : undefined;
}

/** Checks that an append did not find its own value. */
function ownTokenViolation(append: Request, old: string, rpcs: number): Violation | undefined {
  const value = append.value!;
  if (!old.includes(value) || !isToken(value)) return undefined;
  const call = showCall(append);
  const twice = rpcs > 1;
  return {
    what: twice
      ? `${call} took effect twice, or a retry got the new value as its reply`
      : `${call} returned the new value`,
    operation: `${call}, which took ${rpcs} ${twice ? "requests" : "request"}`,
    expected: "the value before the append",
    actual: show(old),
    hint: twice ? HINTS.executedTwice : HINTS.oldValue,
  };
}

/** Returns the violation of an operation that threw. */
export function thrownViolation(request: Request, error: unknown): Violation {
  return {
    what: `${showCall(request)} threw ${summary(error)}`,
    where: studentFrames(error),
    hint: hintForThrown(error),
    link: linkOfTimeout(error),
  };
}

function hintForThrown(error: unknown): string {
  if (!(error instanceof Error)) return HINTS.threw;
  if (error.message.startsWith("Your code here")) return HINTS.notWritten;
  const timeouts = error instanceof AggregateError ? error.errors : [error];
  const gaveUp = timeouts.every((each) => each instanceof Error && each.name === "TimeoutError");
  return gaveUp ? HINTS.gaveUp : HINTS.threw;
}

/** Returns the violation of a clerk or server that could not be made.
 *
 * @param name The class, for example `"KVServer"`. */
export function constructionViolation(name: string, error: unknown): Violation {
  const known = error instanceof SubmissionError || isRpcError(error);
  return {
    what: known ? error.message : `new ${name}() threw ${summary(error)}`,
    where: studentFrames(error),
    hint: HINTS.constructed,
  };
}

function isRpcError(error: unknown): error is Error {
  return error instanceof Error && error.name === "RpcError";
}

/** Returns the violation for the error that ended a run.
 *
 * @param made The class of which an instance was being made, if any. */
export function explainError(error: unknown, made?: string): Violation {
  if (error instanceof StuckError) {
    if (made !== undefined && error.how === "neverYields") {
      return { what: `new ${made}() never let go of the processor`, hint: HINTS.neverYields };
    }
    return { what: error.message, where: studentFrames(error), hint: HINTS[error.how] };
  }
  if (!isRpcError(error)) {
    return {
      what: `Unhandled ${summary(error)}`,
      where: studentFrames(error),
      hint: HINTS.unhandled,
      link: linkOfTimeout(error),
    };
  }
  return {
    what: error.message,
    where: studentFrames(error.cause ?? error),
    // A handler may throw `undefined`.
    hint: "cause" in error ? HINTS.handlerThrew : hintForRpc(error.message),
  };
}

/** The error of a reply without a value. */
const NO_VALUE = /^Cannot send the reply of \w+\.(?:get|append): .*"value".*received undefined/;

function hintForRpc(message: string): string {
  if (message.includes("only plain data can be sent")) return HINTS.plainData;
  if (message.startsWith("This server has no method")) return HINTS.noMethod;
  return NO_VALUE.test(message) ? HINTS.missingKey : HINTS.rpc;
}

/** Returns the name and the message of an error, or any other value that was thrown. */
export function summary(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : show(error);
}

/** Returns the places of a stack that are in the student's files, without repeats. */
function studentFrames(error: unknown): string[] {
  const stack = error instanceof Error ? error.stack ?? "" : "";
  const frames = stack.matchAll(/^ +at (?:(.+) \()?\S*\/((?:client|server)\.ts:\d+:\d+)\)?$/gm);
  const places = Array.from(frames, ([, name, place]) => name ? `${place} (${name})` : place!);
  return [...new Set(places)];
}
