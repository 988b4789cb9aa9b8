/**
 * The results of operations that count.
 *
 * @module
 */

import type { Operation } from "./history.ts";
import type { Timed } from "./model.ts";

/** Returns the result that somebody saw: none of an operation that never returned,
 * whatever stands beside it. */
export function seen<T>(
  { output, return: returned }: Pick<Timed, "return"> & { readonly output?: T },
): T | undefined {
  return returned === null ? undefined : output;
}

/** Returns the value that somebody saw an operation of a store find; a put finds nothing. */
export function seenOutput(
  operation: Pick<Operation, "op" | "output" | "return">,
): string | undefined {
  return operation.op === "put" ? undefined : seen(operation);
}
