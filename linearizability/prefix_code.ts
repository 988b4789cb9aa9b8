/**
 * Values that were written, none of which is the beginning of another one: a value that
 * is made of them can be taken apart in one way only.
 *
 * @module
 */

import { bisect } from "./bisect.ts";
import type { Operation } from "./history.ts";
import { Pace } from "./pace.ts";

/** A written value within another one. */
export interface Part {
  /** The operation that wrote it. */
  readonly writer: Operation;
  /** The place where it begins. */
  readonly start: number;
}

/** Written values, none of which is the beginning of another one. */
export class PrefixCode {
  /** In the order of their values. */
  readonly #writers: readonly Operation[];

  private constructor(writers: readonly Operation[]) {
    this.#writers = writers;
  }

  /** @param operations Those that write are taken from these.
   * @param pace Counts the steps.
   * @returns `undefined` if a value is the beginning of another one, or is empty.
   * @throws {OutOfTime} There is no time left. */
  static of(operations: readonly Operation[], pace = new Pace()): PrefixCode | undefined {
    const sorted = operations.filter(({ value }) => value !== undefined)
      .sort((a, b) => {
        pace.spend();
        return a.value! < b.value! ? -1 : 1;
      });
    // Whatever stands between a value and one that begins with it begins with it, too.
    const isCode = sorted.every(({ value }, i) => {
      pace.spend();
      return sorted[i + 1]?.value?.startsWith(value!) !== true;
    });
    return isCode && sorted[0]?.value !== "" ? new PrefixCode(sorted) : undefined;
  }

  /** Takes a value apart, as far as it can be.
   *
   * @param from The place to begin at; a written value has to begin there. */
  takeApart(value: string, from = 0): Part[] {
    const parts: Part[] = [];
    for (let start = from; start < value.length;) {
      const writer = this.#beginningOf(value, start);
      if (writer === undefined) break;
      parts.push({ writer, start });
      start += writer.value!.length;
    }
    return parts;
  }

  /** The writer of the value that stands at a place of another one: of those that are
   * not greater than the rest, the greatest. */
  #beginningOf(value: string, start: number): Operation | undefined {
    const rest = value.slice(start);
    const greater = bisect(this.#writers.length, (i) => this.#writers[i]!.value! > rest);
    const writer = this.#writers[greater - 1];
    return writer !== undefined && rest.startsWith(writer.value!) ? writer : undefined;
  }
}
