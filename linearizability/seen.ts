/**
 * The results of operations: which of them count, and how they are written.
 *
 * @module
 */

import type { Timed } from "./model.ts";

/** Returns the result that somebody saw: none of an operation that never returned.
 *
 * @param operation The operation.
 * @param output The result that stands beside it.
 */
export function seen<T>({ return: returned }: Timed, output: T | undefined): T | undefined {
  return returned === null ? undefined : output;
}

/** Writes an operation of a model whose objects may have no name.
 *
 * @param key The object, if there are several.
 * @param call The call, as in `read()`.
 * @param output The result, `undefined` if nobody saw it. */
export function describeCall(key: string | undefined, call: string, output?: unknown): string {
  const result = output === undefined ? "" : ` → ${JSON.stringify(output)}`;
  return `${key === undefined ? "" : `${key}: `}${call}${result}`;
}
