/**
 * Operations in words: as models describe them, and as sentences name them.
 *
 * @module
 */

import type { Operation } from "./history.ts";

/** Describes an operation of a model whose objects may have no name.
 *
 * @param operation The object, if there are several, and the result, if anybody saw it.
 * @param call The call, as in `read()`. */
export function describeCall(
  { key, output }: { readonly key?: string; readonly output?: unknown },
  call: string,
): string {
  const result = output === undefined ? "" : ` → ${JSON.stringify(output)}`;
  return `${key === undefined ? "" : `${key}: `}${call}${result}`;
}

/** Names two calls of a store, told apart by their clients where nothing else does. */
export function calls(one: Operation, other: Operation): [string, string] {
  const texts: [string, string] = [call(one), call(other)];
  if (texts[0] !== texts[1]) return texts;
  return [`${texts[0]} of client ${one.client}`, `${texts[1]} of client ${other.client}`];
}

/** Names a call of a store without its result, with a readable length. */
export function call({ op, key, value }: Operation): string {
  const args = value === undefined ? [JSON.stringify(key)] : [JSON.stringify(key), quote(value)];
  return `${op}(${args.join(", ")})`;
}

/** Returns a value in quotes, with a readable length. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}…` : text);
}
