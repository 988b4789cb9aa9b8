/**
 * Infers what appends found whose results nobody saw, as far as what others found tells.
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

import { bisect } from "./bisect.ts";
import type { Operation } from "./history.ts";
import type { Access, Horizon } from "./model.ts";
import { Pace } from "./pace.ts";
import { takeApart } from "./prefix_code.ts";
import { seenOutput } from "./seen.ts";

/** The steps of finding a part in a long list of written values. */
const STEPS_PER_PART = 8;

/** Tells what appends found whose results nobody saw.
 *
 * @param operations The operations on one key.
 * @param pace Counts the steps.
 * @returns The accesses that could be inferred, or `undefined` if the values can be
 * taken apart in more than one way.
 * @throws {OutOfTime} There is no time left.
 */
export function inferAccesses(
  operations: readonly Operation[],
  pace = new Pace(),
): Map<Operation, Access<string>> | undefined {
  const unseen = operations.filter((operation) => {
    return operation.op === "append" && seenOutput(operation) === undefined;
  });
  if (unseen.length === 0) return new Map();
  pace.spend(operations.length);
  const partsOf = takeApart(operations);
  if (partsOf === undefined) return undefined;

  const accesses = new Map<Operation, Access<string>>(
    unseen.map((append) => [append, { isHidden: true }]),
  );
  const found = new Set(operations.flatMap((operation) => seenOutput(operation) ?? []));
  /** The beginning of the last value that could be taken apart. Values mostly grow. */
  let known = "";
  for (const value of found) {
    const from = value.startsWith(known) ? known.length : 0;
    const parts = partsOf(value, from);
    const last = parts.at(-1);
    known = value.slice(0, last === undefined ? from : last.start + last.writer.value!.length);
    pace.spend(STEPS_PER_PART * (parts.length + 1));
    for (const { writer, start } of parts) {
      if (accesses.get(writer)?.isHidden !== true) continue;
      const reads = value.slice(0, start);
      accesses.set(writer, { reads, writes: reads + writer.value });
    }
  }
  return accesses;
}

/** Tells which values can still matter.
 *
 * A value that is the beginning of no value that was found is lost: whoever finds a
 * value does not find this one, and appends whose results nobody saw make it longer and
 * leave it lost. Only a put ends that, and leads to one and the same value from all.
 *
 * An append whose result nobody saw can only lead to a value that begins with the one
 * before and ends with its own.
 *
 * @param operations The operations on one key.
 * @param pace Counts the steps.
 * @throws {OutOfTime} There is no time left.
 */
export function horizonOf(
  operations: readonly Operation[],
): Horizon<string> {
  const found = [...new Set(operations.flatMap((operation) => seenOutput(operation) ?? []))].sort();
  const unseen = operations.filter((operation) => {
    return operation.op === "append" && operation.value !== "" &&
      seenOutput(operation) === undefined;
  });
  const lengths = new Set(unseen.map(({ value }) => value!.length));
  return {
    isLost(value) {
      // Of the values that were found and are not smaller, the smallest begins with this
      // one if any does.
      const place = bisect(found.length, (i) => found[i]! >= value);
      return found[place]?.startsWith(value) !== true;
    },
    mayLead: (from, to) => to.startsWith(from),
    *sources(value) {
      for (const length of lengths) {
        if (length > value.length) continue;
        const end = value.slice(value.length - length);
        for (const returned of [null, 0]) {
          yield effectOf({ op: "append", value: end, return: returned });
        }
      }
    },
  };
}

/** Names what an operation of a store does. */
export function effectOf(
  operation: Pick<Operation, "op" | "value" | "output" | "return">,
): string {
  const { op, value, return: returned } = operation;
  return JSON.stringify([op, value, seenOutput(operation), returned === null]);
}
