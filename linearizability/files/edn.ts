/**
 * Reads EDN, one value after the other.
 *
 * A value is kept as its text, because JavaScript numbers cannot tell all integers apart. In the
 * text, integers and strings have one form, the entries of maps and sets are sorted, and tags are
 * dropped.
 *
 * @module
 */

import { HistoryFileError } from "./history_file_error.ts";
import type { Pace } from "../pace.ts";

/** A value. */
export interface EdnValue {
  readonly text: string;
  /** The items of a vector. */
  readonly vector?: readonly EdnValue[];
  /** The keys of a map, each followed by its value. */
  readonly map?: readonly EdnValue[];
}

/** A value, and the line, from 1, on which it begins. */
export type EdnItem = EdnValue & { readonly line: number };

const SPACE = /[\s,]+|;[^\n]*/y;
/** A token other than a string; empty at a string and at the end of the text. */
const TOKEN = /#_|#\{|[[\](){}]|(?:\\[^])?[^\s,;"[\](){}]*/y;
const TAG = /^#[^#_{]/;
const INTEGER = /^([-+]?\d+)N?$/;
const CLOSING: Record<string, string> = { "[": "]", "(": ")", "{": "}", "#{": "}" };
const DEPTH_MAX = 500;

/** Reads the values of one text. */
export class EdnReader {
  readonly #text: string;
  readonly #pace: Pace;
  /** The end of the last token, its line, and the end of that line. */
  #end = 0;
  #line = 1;
  #lineEnd: number;
  #depth = 0;

  constructor(text: string, pace: Pace) {
    this.#text = text;
    this.#pace = pace;
    this.#lineEnd = text.indexOf("\n");
  }

  /** Yields the values, or the items if one vector or list holds them all.
   *
   * @throws {HistoryFileError} It is not EDN; the message names the line.
   * @throws {OutOfTime} There is no time left. */
  *values(): Generator<EdnItem> {
    let [last, opened] = ["", 1];
    for (;;) {
      const token = this.#next();
      const line = this.#line;
      if (token === last) {
        if (last === "") return;
        last = "";
      } else if (last === "" && /^[[(]/.test(token)) [last, opened] = [CLOSING[token]!, line];
      else if (token === "") throw unended(opened);
      else yield { ...this.#value(token), line };
    }
  }

  /** Returns the next token, or "" at the end. Skips tags and discarded values. */
  #next(): string {
    for (let discarded = 0;;) {
      const token = this.#token();
      if (token === "#_") discarded++;
      else if (!TAG.test(token)) {
        if (discarded === 0) return token;
        this.#value(token);
        discarded--;
      }
    }
  }

  #token(): string {
    const text = this.#text;
    let start = SPACE.lastIndex = this.#end;
    while (SPACE.test(text)) start = SPACE.lastIndex;
    this.#end = text[start] === '"' ? endOfString(text, start) : endOfToken(text, start);
    const token = text.slice(start, this.#end);
    this.#pace.spend(1 + token.length);
    while (this.#lineEnd >= 0 && this.#lineEnd < start) {
      this.#line++;
      this.#lineEnd = text.indexOf("\n", this.#lineEnd + 1);
    }
    if (token === "" && start < text.length) throw unended(this.#line);
    return token;
  }

  /** Returns the value that begins with a token. */
  #value(token: string): EdnValue {
    const closing = CLOSING[token];
    if (closing !== undefined) return this.#collection(token, closing);
    if (token === "") throw unended(this.#line);
    if (/^[\])}]/.test(token)) throw this.#problem(`"${token}" closes nothing`);
    if (token[0] === '"') return { text: this.#string(token) };
    const [, integer] = INTEGER.exec(token) ?? [];
    return {
      text: integer === undefined ? token.replace(/^\+(?=\d)/, "") : String(BigInt(integer)),
    };
  }

  #collection(opening: string, closing: string): EdnValue {
    const line = this.#line;
    if (++this.#depth > DEPTH_MAX) throw this.#problem("it is nested too deeply");
    const items: EdnValue[] = [];
    for (let token = this.#next(); token !== closing; token = this.#next()) {
      if (token === "") throw unended(line);
      items.push(this.#value(token));
    }
    this.#depth--;
    const texts = items.map(({ text }) => text);
    if (opening === "[") return { text: `[${texts.join(" ")}]`, vector: items };
    if (opening === "(") return { text: `(${texts.join(" ")})` };
    if (opening === "#{") return { text: `#{${texts.sort().join(" ")}}` };
    if (items.length % 2 === 1) {
      throw this.#problem("the map that ends here has a key without a value");
    }
    const entries = texts.flatMap((key, i) => i % 2 === 0 ? [`${key} ${texts[i + 1]}`] : []);
    return { text: `{${entries.sort().join(", ")}}`, map: items };
  }

  /** Returns a string in its one form. JSON has the escapes of EDN. */
  #string(token: string): string {
    try {
      const escape = (control: string) => JSON.stringify(control).slice(1, -1);
      return JSON.stringify(JSON.parse(token.replaceAll(/\p{Cc}/gu, escape)));
    } catch {
      throw this.#problem("a string has a wrong escape");
    }
  }

  #problem(problem: string): HistoryFileError {
    return new HistoryFileError(`line ${this.#line}: ${problem}`);
  }
}

function endOfToken(text: string, start: number): number {
  TOKEN.lastIndex = start;
  TOKEN.test(text);
  return TOKEN.lastIndex;
}

/** Returns where a string ends, or `start` if it does not end. A regular expression would overflow
 * the stack at millions of escapes. */
function endOfString(text: string, start: number): number {
  for (let quote = start;;) {
    quote = text.indexOf('"', quote + 1);
    if (quote < 0) return start;
    let escapes = quote;
    while (text[escapes - 1] === "\\") escapes--;
    if ((quote - escapes) % 2 === 0) return quote + 1;
  }
}

function unended(line: number): HistoryFileError {
  return new HistoryFileError(`line ${line}: what begins here does not end`);
}
