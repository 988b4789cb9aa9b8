/**
 * Calls of a key/value store in sentences.
 *
 * @module
 */

import type { Operation } from "./history.ts";

/** Two calls, told apart by their clients where nothing else does. */
export function calls(one: Operation, other: Operation): [string, string] {
  const texts: [string, string] = [call(one), call(other)];
  if (texts[0] !== texts[1]) return texts;
  return [`${texts[0]} of client ${one.client}`, `${texts[1]} of client ${other.client}`];
}

/** A call without its result, with a readable length. */
export function call({ op, key, value }: Operation): string {
  const args = value === undefined ? [JSON.stringify(key)] : [JSON.stringify(key), quote(value)];
  return `${op}(${args.join(", ")})`;
}

/** A value in quotes, with a readable length. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}…` : text);
}
