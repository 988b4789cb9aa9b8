/**
 * Written values of which none is the beginning of another: a concatenation of them can be taken
 * apart in one way only.
 *
 * @module
 */

import { bisect } from "../bisect.ts";
import type { Operation } from "../history.ts";

/** A written value within another one. */
export interface Part {
  /** The operation that wrote it. */
  readonly writer: Operation;
  /** The index where it begins. */
  readonly start: number;
}

/** Takes a value apart, up to where no written value continues.
 *
 * @param from The index to begin at, where a written value has to begin. */
export type TakeApart = (value: string, from?: number) => Part[];

/** Prepares to take values apart.
 *
 * @param operations The operations on one key; those without a value do not matter.
 * @returns `undefined` if a written value is the beginning of another one, or is empty.
 */
export function takeApart(operations: readonly Operation[]): TakeApart | undefined {
  const writers = operations.filter(({ value }) => value !== undefined)
    .sort((a, b) => a.value! < b.value! ? -1 : 1);
  // All values between a value and a longer one that begins with it begin with it, too.
  const isCode = writers.every(({ value }, i) => {
    return writers[i + 1]?.value?.startsWith(value!) !== true;
  });
  if (!isCode || writers[0]?.value === "") return undefined;
  return (value, from = 0) => {
    const parts: Part[] = [];
    for (let start = from; start < value.length;) {
      const rest = value.slice(start);
      // Only the greatest value that is not greater than the rest can begin it.
      const writer = writers[bisect(writers.length, (i) => writers[i]!.value! > rest) - 1];
      if (writer === undefined || !rest.startsWith(writer.value!)) break;
      parts.push({ writer, start });
      start += writer.value!.length;
    }
    return parts;
  };
}
