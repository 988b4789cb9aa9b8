/**
 * Reads a long JSON object piece by piece, so that reading can be given up halfway.
 *
 * @module
 */

import type { Pace } from "./pace.ts";

/** Steps for each character that is read. */
export const STEPS_PER_CHARACTER = 0.1;

/** Reads a JSON object of which one field is a long list.
 *
 * @param text The JSON text.
 * @param list The name of that field.
 * @param pace Counts the steps.
 * @returns The same value as `JSON.parse`.
 * @throws {SyntaxError} It is not JSON; the message is that of `JSON.parse`.
 * @throws {OutOfTime} There is no time left.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseOutline } from "./json_outline.ts";
 * import { Pace } from "./pace.ts";
 *
 * const text = '{ "a": [1, { "b": "]" }], "c": null }';
 * assertEquals(parseOutline(text, "a", new Pace()), { a: [1, { b: "]" }], c: null });
 * ```
 */
export function parseOutline(text: string, list: string, pace: Pace): unknown {
  let outline: Record<string, unknown> | undefined;
  try {
    outline = readObject(text, list, pace);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  // Whatever is wrong, or not an object, the runtime's own parser knows best.
  return outline ?? JSON.parse(text);
}

/** @returns `undefined` if it is not an object as one is usually written. */
function readObject(
  text: string,
  list: string,
  pace: Pace,
): Record<string, unknown> | undefined {
  let at = skipSpace(text, 0);
  if (text[at] !== "{") return undefined;
  const outline: Record<string, unknown> = {};
  do {
    at = skipSpace(text, at + 1);
    const colon = skipSpace(text, endOfValue(text, at));
    if (text[at] !== '"' || text[colon] !== ":") return undefined;
    const name: string = JSON.parse(text.slice(at, endOfValue(text, at)));
    if (name === "__proto__") return undefined;
    at = skipSpace(text, colon + 1);
    const items = name === list && text[at] === "[" ? readItems(text, at, pace) : undefined;
    const end = items?.end ?? endOfValue(text, at);
    outline[name] = items?.values ?? JSON.parse(text.slice(at, end));
    at = skipSpace(text, end);
  } while (text[at] === ",");
  return text[at] === "}" && skipSpace(text, at + 1) === text.length ? outline : undefined;
}

/** Reads the items of a list.
 *
 * @param start The place of its bracket.
 * @returns The items, and where the list ends; `undefined` for an empty list, and for one
 * that is not JSON. */
function readItems(
  text: string,
  start: number,
  pace: Pace,
): { values: unknown[]; end: number } | undefined {
  const values: unknown[] = [];
  let at = start;
  do {
    const from = skipSpace(text, at + 1);
    const end = endOfValue(text, from);
    if (end === from) return undefined;
    pace.spend(1 + STEPS_PER_CHARACTER * (end - from));
    values.push(JSON.parse(text.slice(from, end)));
    at = skipSpace(text, end);
  } while (text[at] === ",");
  return text[at] === "]" ? { values, end: at + 1 } : undefined;
}

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE] = [0x5b, 0x5d, 0x7b, 0x7d];
const SPACES = [0x20, 0x0a, 0x0d, 0x09];

function skipSpace(text: string, from: number): number {
  let at = from;
  while (SPACES.includes(text.charCodeAt(at))) at++;
  return at;
}

/** Finds where the value ends that begins at a place, by its brackets and quotes only. */
function endOfValue(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(text, at);
      if (depth === 0) return at + 1;
    } else if (code === OPEN_BRACE || code === OPEN_BRACKET) depth++;
    else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
      // A closing bracket or quote belongs to this value, unless that is a bare number or word.
      if (depth === 0) return at;
      if (--depth === 0) return at + 1;
    } else if (depth === 0 && (code === COMMA || code === COLON || SPACES.includes(code))) {
      return at;
    }
  }
  return text.length;
}

/** Finds the quote that ends a string; the last place of the text if there is none. */
function endOfString(text: string, start: number): number {
  for (let from = start + 1;;) {
    const quote = text.indexOf('"', from);
    if (quote < 0) return text.length - 1;
    let backslashes = 0;
    while (text.charCodeAt(quote - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return quote;
    from = quote + 1;
  }
}
