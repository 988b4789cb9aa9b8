/**
 * The comments in which a submission declares the sources of its code.
 *
 * @module
 */

/** The number of lines of sources that are listed. */
const SOURCES_MAX = 50;

/** A string, a comment, or any other character. Strings are matched so that none passes for a
 * comment, and have limits, so that a file full of open quotes takes no longer than others. */
const PART =
  /"(?:\\.|[^"\\\n]){0,500}"|'(?:\\.|[^'\\\n]){0,500}'|`(?:\\[^]|[^`\\]){0,2000}`|(\/\/[^\n]*|\/\*[^]*?(?:\*\/|$))|[^\n]/g;

/** The marks of a comment around a line. */
const MARK = /^\s*(?:\/\/+|\/\*+|\*+(?!\/))?\s?|\s*\*\/\s*$/g;

/** A line that declares a source, such as `Source: https://…` or `Used ChatGPT for …`. */
const DECLARES =
  /^(?:(?:sources?|tools?|references?|credits?|citations?)\s*:|(?:used(?! to\b)|generated (?:by|with)|adapted from|copied from|based on|taken from)\s+\S)/i;

/** An item of a list below such a line. */
const ITEM = /^(?:[-*•+]|\d+[.)]|https?:)\s*\S/i;

/** The longest line that is read, in characters. */
const LINE_LENGTH_MAX = 500;

/** Returns the comment lines that declare sources, each with its file and line number: lines that
 * begin with a word such as `Source:` or `Used`, and the lists below them.
 *
 * @param files The texts of the files by their names.
 */
export function citedSources(files: ReadonlyMap<string, string>): string[] {
  const found = Array.from(files).filter(([file]) => file.endsWith(".ts"))
    .flatMap(([file, text]) => declaredIn(text).map((line) => `${file}:${line}`));
  const more = found.length - SOURCES_MAX;
  return more > 0 ? [...found.slice(0, SOURCES_MAX), `and ${more} more lines`] : found;
}

/** Returns the lines of a file that declare sources, each with its number. */
function declaredIn(text: string): string[] {
  const comments = text.replace(PART, (part: string, comment?: string) => {
    return comment ?? part.replace(/[^\n]+/g, "");
  });
  let isList = false;
  return comments.split("\n").flatMap((line, i) => {
    const words = line.length > LINE_LENGTH_MAX ? "" : line.replace(MARK, "").trim();
    const isHead = DECLARES.test(words);
    const isItem = isList && ITEM.test(words);
    isList = isHead || isItem;
    return isItem || isHead && !words.endsWith(":") ? [`${i + 1}: ${words}`] : [];
  });
}
