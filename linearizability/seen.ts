/**
 * Results that count.
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
