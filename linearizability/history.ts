/**
 * Histories of a key/value store: the calls of its clients, with times and results.
 *
 * @module
 */

import { resultOf, type Timed } from "./model.ts";

/** One operation of a key/value client. */
export interface Operation extends Timed {
  readonly op: "get" | "put" | "append";
  readonly key: string;
  /** The written value; absent for a get. */
  readonly value?: string;
  /** The value that a get or an append found; absent if unknown. */
  output?: string;
  return: number | null;
  /** The time of the call in milliseconds, for people. */
  readonly callMs?: number;
  /** The time of the return in milliseconds, for people. */
  returnMs?: number | null;
}

/** The operations of one run, in the order of their calls. */
export interface History {
  readonly model: "kv";
  readonly operations: readonly Operation[];
}

/** Returns the value that an operation found; a put finds none. */
export function foundBy(
  operation: Pick<Operation, "op" | "output" | "return">,
): string | undefined {
  return operation.op === "put" ? undefined : resultOf(operation);
}
