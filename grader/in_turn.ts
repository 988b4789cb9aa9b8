/**
 * Calls that wait for each other.
 *
 * @module
 */

/** Makes a function whose calls run one after another, in the order in which they were made.
 *
 * @param run The function. A call that fails ends none of those after it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { inTurn } from "./in_turn.ts";
 *
 * const seen: string[] = [];
 * const tell = inTurn(async (word: string) => {
 *   seen.push(`${word} begins`);
 *   await Promise.resolve();
 *   seen.push(`${word} ends`);
 * });
 * await Promise.all([tell("one"), tell("two")]);
 * assertEquals(seen, ["one begins", "one ends", "two begins", "two ends"]);
 * ```
 */
export function inTurn<Args extends unknown[]>(
  run: (...args: Args) => Promise<void>,
): (...args: Args) => Promise<void> {
  let last = Promise.resolve();
  return (...args) => {
    const call = last.then(() => run(...args));
    last = call.catch(() => {});
    return call;
  };
}
