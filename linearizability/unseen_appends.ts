/**
 * What appends found whose results nobody saw, as far as what others found tells.
 *
 * A value that somebody found is the values of a put and of appends, one after the
 * other. Where no written value is the beginning of another one (a prefix code),
 * there is at most one way to take it apart. Then every append in it must have found
 * exactly what stands before it, in any linearization there is. And an append that is
 * in no value that was found may as well have been a write that nobody read: whatever
 * follows it, until the next put, is not seen either.
 *
 * So a history whose appends show nothing is as good as one in which they show all,
 * and is decided as quickly.
 *
 * @module
 */

import type { Operation } from "./history.ts";
import type { Access } from "./model.ts";
import { PrefixCode } from "./prefix_code.ts";

/** What somebody saw: not what stands beside an operation that never returned, nor beside
 * a put, which finds nothing. */
export function seenOutput({ op, output, return: returned }: Operation): string | undefined {
  return op === "put" || returned === null ? undefined : output;
}

/** Tells what appends found whose results nobody saw.
 *
 * @param operations The operations on one key.
 * @returns The accesses that could be inferred, or `undefined` if the values can be
 * taken apart in more than one way.
 */
export function inferAccesses(
  operations: readonly Operation[],
): Map<Operation, Access<string>> | undefined {
  const unseen = operations.filter((operation) => {
    return operation.op === "append" && seenOutput(operation) === undefined;
  });
  if (unseen.length === 0) return new Map();
  const code = PrefixCode.of(operations);
  if (code === undefined) return undefined;

  const accesses = new Map<Operation, Access<string>>(
    unseen.map((append) => [append, { isHidden: true }]),
  );
  const found = new Set(operations.flatMap((operation) => seenOutput(operation) ?? []));
  for (const value of found) {
    for (const { writer, start } of code.takeApart(value)) {
      if (accesses.get(writer)?.isHidden !== true) continue;
      const reads = value.slice(0, start);
      accesses.set(writer, { reads, writes: reads + writer.value });
    }
  }
  return accesses;
}
