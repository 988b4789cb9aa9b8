/**
 * The results that count.
 *
 * @module
 */

import type { Operation } from "./history.ts";
import type { Timed } from "./model.ts";

/** Returns the result of an operation, none if it never returned. */
export function seen<T>(
  { output, return: returned }: Pick<Timed, "return"> & { readonly output?: T },
): T | undefined {
  return returned === null ? undefined : output;
}

/** Returns the value that an operation of a store found; a put finds none. */
export function seenOutput(
  operation: Pick<Operation, "op" | "output" | "return">,
): string | undefined {
  return operation.op === "put" ? undefined : seen(operation);
}
