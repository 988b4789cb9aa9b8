/**
 * The comments in which a submission says where its code came from.
 *
 * @module
 */

/** The number of lines of sources that are listed. */
const SOURCES_MAX = 50;

/** Texts, which are passed over, and comments. */
const TEXT_OR_COMMENT =
  /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\[^]|[^`\\])*`|(\/\/[^\n]*|\/\*[^]*?\*\/)/g;

/** The marks around a line of a comment. */
const MARK = /^\s*(?:\/\/+|\/\*+|\*+(?!\/))?\s?|\s*\*\/\s*$/g;

/** A line that declares something, such as `Source: https://…` or `Used ChatGPT for …`. */
const DECLARES =
  /^(?:(?:sources?|tools?|references?|credits?|citations?)\s*:|(?:used(?! to\b)|generated (?:by|with)|adapted from|copied from|based on|taken from)\s+\S)/i;

/** An item of a list below such a line. */
const ITEM = /^(?:[-*•+]|\d+[.)]|https?:)\s*\S/i;

/** The length of the longest line that is looked at, in characters. */
const LINE_LENGTH_MAX = 500;

/** The comment lines that say where code came from, each with its file and line: those that
 * begin with a word such as `Source:` or `Used`, and the lists below them.
 *
 * @param files The texts of the files, by their names.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { citedSources } from "./cited_sources.ts";
 *
 * const files = new Map([["server.ts", "let a = 1; // Source: a lecture\n"]]);
 * assertEquals(citedSources(files), ["server.ts:1: Source: a lecture"]);
 * ```
 */
export function citedSources(files: ReadonlyMap<string, string>): string[] {
  const found = Array.from(files).filter(([file]) => file.endsWith(".ts"))
    .flatMap(([file, text]) =>
      declaredIn(text).map(({ line, words }) => `${file}:${line}: ${words}`)
    );
  const more = found.length - SOURCES_MAX;
  return more > 0 ? [...found.slice(0, SOURCES_MAX), `and ${more} more lines`] : found;
}

/** A line of a comment. */
interface CommentLine {
  /** Counted from 1. */
  line: number;
  words: string;
}

function declaredIn(text: string): CommentLine[] {
  let isList = false;
  let last = 0;
  return commentLines(text).filter(({ line, words }) => {
    const isItem = isList && line === last + 1 && ITEM.test(words);
    const isDeclared = DECLARES.test(words) && !/:$/.test(words);
    isList = DECLARES.test(words) || isItem;
    last = line;
    return isItem || isDeclared;
  });
}

function commentLines(text: string): CommentLine[] {
  const lines: CommentLine[] = [];
  let line = 1;
  let from = 0;
  for (const { 0: whole, 1: comment, index } of text.matchAll(TEXT_OR_COMMENT)) {
    if (comment === undefined) continue;
    line += newlinesIn(text.slice(from, index));
    for (const [i, each] of whole.split("\n").entries()) {
      const words = each.length > LINE_LENGTH_MAX ? "" : each.replace(MARK, "").trim();
      lines.push({ line: line + i, words });
    }
    line += newlinesIn(whole);
    from = index + whole.length;
  }
  return lines;
}

function newlinesIn(text: string): number {
  return text.split("\n").length - 1;
}
