/**
 * Infers what appends with unknown results found.
 *
 * A value that was found is a concatenation of the values of a put and of appends. If no written
 * value is the beginning of another one (a prefix code), there is at most one way to take it apart.
 * Then, in any linearization, each append in it found exactly what stands before its own value. An
 * append in no value that was found left a state behind that no operation shows.
 *
 * So a history with unknown results is decided as quickly as one with all results.
 *
 * @module
 */

import { bisect } from "../bisect.ts";
import { foundBy, type Operation } from "../history.ts";
import type { Access, Horizon } from "../model.ts";
import { Pace } from "../pace.ts";
import { takeApart } from "./prefix_code.ts";

/** The steps of finding one part. */
const STEPS_PER_PART = 8;

/** Infers the accesses of appends with unknown results.
 *
 * @param operations The operations on one key.
 * @returns `undefined` if values may be taken apart in more than one way.
 * @throws {OutOfTime} There is no time left.
 */
export function inferAccesses(
  operations: readonly Operation[],
  pace = new Pace(),
): Map<Operation, Access<string>> | undefined {
  const unseen = operations.filter((operation) => {
    return operation.op === "append" && foundBy(operation) === undefined;
  });
  if (unseen.length === 0) return new Map();
  pace.spend(operations.length);
  const partsOf = takeApart(operations);
  if (partsOf === undefined) return undefined;

  const accesses = new Map<Operation, Access<string>>(
    unseen.map((append) => [append, { isHidden: true }]),
  );
  const found = new Set(operations.flatMap((operation) => foundBy(operation) ?? []));
  /** The beginning of the last value, as far as it was taken apart. Values mostly grow. */
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

/** Returns the values that operations can tell apart.
 *
 * A value is lost if no value that was found begins with it: no operation finds it, unseen appends
 * make it longer and leave it lost, and a put leads from all lost values to the same one.
 *
 * An unseen append leads to a value that begins with the one before and ends with its own.
 *
 * @param operations The operations on one key.
 */
export function horizonOf(
  operations: readonly Operation[],
): Horizon<string> {
  const found = [...new Set(operations.flatMap((operation) => foundBy(operation) ?? []))].sort();
  const unseen = operations.filter((operation) => {
    return operation.op === "append" && operation.value !== "" &&
      foundBy(operation) === undefined;
  });
  const lengths = new Set(unseen.map(({ value }) => value!.length));
  return {
    isLost(value) {
      // If any value that was found begins with this one, the smallest that is not smaller does.
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

/** Names the effect of an operation of a store. */
export function effectOf(
  operation: Pick<Operation, "op" | "value" | "output" | "return">,
): string {
  const { op, value, return: returned } = operation;
  return JSON.stringify([op, value, foundBy(operation), returned === null]);
}
