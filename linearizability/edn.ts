/**
 * EDN, read line by line with the library edn-data, so that errors can name the line and
 * a long file can be given up halfway.
 *
 * A sequence around all values, as in `[{…} {…}]`, is not kept: its items are given one
 * by one. Of tagged values, such as records, the tag is dropped. Numbers other than
 * integers up to 2^53 are kept as their text, since a JavaScript number cannot tell all
 * of them apart.
 *
 * @module
 */

import { EDNListParser } from "edn-data/parse";
import { HistoryFileError } from "./history_file_error.ts";

/** A value, as edn-data gives it. */
export type EdnValue =
  | string
  | number
  | boolean
  | null
  | readonly EdnValue[]
  /** A keyword, without its colon. */
  | { readonly key: string }
  /** A symbol, or a number that is no integer up to 2^53. */
  | { readonly sym: string }
  | { readonly char: string }
  | { readonly list: readonly EdnValue[] }
  | { readonly set: readonly EdnValue[] }
  | { readonly map: readonly (readonly [EdnValue, EdnValue])[] };

/** A value of the file, and the line, from 1, on which it begins. */
export interface EdnItem {
  readonly value: EdnValue;
  readonly line: number;
}

const INTEGER = /^[-+]?\d+N?$/;
const NUMBER = /^[-+]?\d/;

/** The library's parser, with exact numbers and without tags. */
class Parser extends EDNListParser {
  override match(): void {
    const { state } = this;
    if (!NUMBER.test(state)) return super.match();
    const text = state.replace(/^\+/, "").replace(/N$/, "");
    const number = INTEGER.test(state) ? Number(text) : NaN;
    this.result = Number.isSafeInteger(number) ? number + 0 : { sym: text };
    this.state = "";
  }

  override updateStack(): void {
    const [kind, tag] = this.stack.at(-1) ?? [];
    if (kind !== TAG || this.result === undefined || tag === "_") return super.updateStack();
    this.stack.pop();
    this.updateStack();
  }

  /** True if nothing is open. */
  get isIdle(): boolean {
    return this.stack.length === 0 && this.mode === IDLE && this.state === "";
  }
}

/** The library's numbers for a tag on its stack, for its mode between values, and for a
 * comment, which the end of its line ends. */
const TAG = 4;
const IDLE = 0;
/** The library's numbers for a vector and a list on its stack. */
const SEQUENCES = [0, 1];

/** Reads values from lines. */
export class EdnReader {
  readonly #parser = new Parser();
  #line = 0;
  #startLine = 1;

  constructor() {
    // The library reads one list.
    this.#parser.next("(");
  }

  /** Reads one more line.
   *
   * @returns The values that end in it.
   * @throws {HistoryFileError} It is not EDN; the message names the line. */
  read(text: string): EdnItem[] {
    this.#line++;
    const parser = this.#parser;
    if (this.#isBetweenValues()) this.#startLine = this.#line;
    let values: EdnValue[];
    try {
      values = parser.next(`${text}\n`) as EdnValue[];
    } catch {
      throw this.#problem("it is not EDN; is a bracket or an escape wrong?");
    }
    if (parser.isDone()) throw this.#problem('a ")" closes nothing');
    if (parser.stack.length === 0 && parser.result !== undefined) {
      values.push(parser.result as EdnValue);
      parser.result = undefined;
    }
    const items = values.flatMap((value) => {
      return isVector(value)
        ? value
        : value instanceof Object && "list" in value
        ? value.list
        : [value];
    });
    const [kind, inside] = parser.stack[0] ?? [];
    if (SEQUENCES.includes(kind)) items.push(...(inside as EdnValue[]).splice(0));
    return items.map((value) => ({ value, line: this.#startLine }));
  }

  #problem(problem: string): HistoryFileError {
    return new HistoryFileError(`line ${this.#line}: ${problem}`);
  }

  /** @throws {HistoryFileError} The text ends within a value. */
  end(): void {
    if (this.#parser.isIdle) return;
    throw new HistoryFileError(`line ${this.#startLine}: what begins here does not end`);
  }

  #isBetweenValues(): boolean {
    const { stack } = this.#parser;
    return stack.length === 0 || stack.length === 1 && SEQUENCES.includes(stack[0][0]);
  }
}

/** Writes a value so that two different ones have different texts. */
export function ednText(value: EdnValue): string {
  if (value === null) return "nil";
  if (typeof value !== "object") return JSON.stringify(value);
  const join = (values: readonly EdnValue[]) => values.map(ednText).join(" ");
  if (isVector(value)) return `[${join(value)}]`;
  if ("key" in value) return `:${value.key}`;
  if ("sym" in value) return value.sym;
  if ("char" in value) return `\\${value.char}`;
  if ("list" in value) return `(${join(value.list)})`;
  // The order of a set and of a map has no meaning.
  if ("set" in value) return `#{${value.set.map(ednText).sort().join(" ")}}`;
  return `{${value.map.map(join).sort().join(", ")}}`;
}

/** Returns true for a vector. */
export function isVector(value: EdnValue): value is readonly EdnValue[] {
  return Array.isArray(value);
}
