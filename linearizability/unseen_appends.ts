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

/** Tells what appends found whose results nobody saw.
 *
 * @param operations The operations on one key.
 * @returns The accesses that could be inferred, or `undefined` if the values can be
 * taken apart in more than one way.
 */
export function inferAccesses(
  operations: readonly Operation[],
): Map<Operation, Access<string>> | undefined {
  const unseen = operations.filter(({ op, output }) => op === "append" && output === undefined);
  if (unseen.length === 0) return new Map();
  const code = PrefixCode.of(operations.filter(({ value }) => value !== undefined));
  if (code === undefined) return undefined;

  const accesses = new Map<Operation, Access<string>>(
    unseen.map((append) => [append, { isHidden: true }]),
  );
  const found = new Set(operations.flatMap(({ output }) => output ?? []));
  for (const value of found) {
    for (const { writer, start } of code.takeApart(value)) {
      if (accesses.get(writer)?.isHidden !== true) continue;
      const reads = value.slice(0, start);
      accesses.set(writer, { reads, writes: reads + writer.value });
    }
  }
  return accesses;
}

/** Written values, none of which is the beginning of another one. */
class PrefixCode {
  /** In the order of their values. */
  readonly #writers: readonly Operation[];

  private constructor(writers: readonly Operation[]) {
    this.#writers = writers;
  }

  /** @param writers Operations that each wrote a value.
   * @returns `undefined` if a value is the beginning of another one. */
  static of(writers: readonly Operation[]): PrefixCode | undefined {
    const sorted = writers.toSorted((a, b) => a.value! < b.value! ? -1 : 1);
    // Whatever stands between a value and one that begins with it begins with it, too.
    const isCode = sorted.every(({ value }, i) => {
      return sorted[i + 1]?.value?.startsWith(value!) !== true;
    });
    return isCode && sorted[0]?.value !== "" ? new PrefixCode(sorted) : undefined;
  }

  /** Takes a value apart, as far as it can be. */
  *takeApart(value: string): Iterable<{ writer: Operation; start: number }> {
    for (let start = 0; start < value.length;) {
      const writer = this.#beginningOf(value, start);
      if (writer === undefined) return;
      yield { writer, start };
      start += writer.value!.length;
    }
  }

  /** The writer of the value that stands at a place of another one: of those that are
   * not greater than the rest, the greatest. */
  #beginningOf(value: string, start: number): Operation | undefined {
    const rest = value.slice(start);
    let [low, high] = [0, this.#writers.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#writers[middle]!.value! <= rest) low = middle + 1;
      else high = middle;
    }
    const writer = this.#writers[low - 1];
    return writer !== undefined && rest.startsWith(writer.value!) ? writer : undefined;
  }
}
