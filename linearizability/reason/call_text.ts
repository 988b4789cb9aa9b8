/**
 * The words for operations in sentences.
 *
 * @module
 */

import type { Operation } from "../history.ts";
import { cutEnd } from "../printable.ts";

/** Names two calls of a store, with their clients if they look the same otherwise. */
export function calls(one: Operation, other: Operation): [string, string] {
  const texts: [string, string] = [call(one), call(other)];
  if (texts[0] !== texts[1]) return texts;
  return [`${texts[0]} of client ${one.client}`, `${texts[1]} of client ${other.client}`];
}

/** Names a call of a store without its result, cut to a readable length. */
export function call({ op, key, value }: Operation): string {
  const args = value === undefined ? [JSON.stringify(key)] : [JSON.stringify(key), quote(value)];
  return `${op}(${args.join(", ")})`;
}

/** Returns a value in quotes, cut to a readable length. */
export function quote(text: string): string {
  return JSON.stringify(cutEnd(text, QUOTED_LENGTH_MAX));
}

const QUOTED_LENGTH_MAX = 60;
