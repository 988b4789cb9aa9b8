/**
 * Applies the rules for submissions to a text while `deno test` runs, which alone offers
 * that without a permission. In any other process nothing is refused here.
 *
 * @module
 */

import plugin from "./submission.ts";

/** Something that a submission may not do. */
export interface Refusal {
  /** The file and the line, for example `"client.ts:7"`; the file if the line cannot be told. */
  place: string;
  /** The sentence that says what is refused. */
  message: string;
  /** The sentence that says what to do instead. */
  advice: string;
}

/** Checks one file of a submission.
 *
 * @param file `"client.ts"` or `"server.ts"`.
 * @param source Its text.
 * @returns What is refused, in the order of the lines.
 */
export function checkSubmission(file: string, source: string): Refusal[] {
  // A byte order mark is no part of the tree, whose places it would shift.
  const text = source.replace(/^\uFEFF/, "");
  const lineAt = (offset: number) => text.slice(0, offset).split(/\r\n|\r|\n/).length;
  try {
    const found = Deno.lint.runPlugin(plugin, file, text);
    return found.sort((one, other) => one.range[0] - other.range[0]).map((each) => ({
      place: `${file}:${lineAt(each.range[0])}`,
      message: each.message,
      advice: each.hint ?? "",
    }));
  } catch (error) {
    // A fault of the rules themselves refuses nothing: what isolates is the realm.
    if (!(error instanceof SyntaxError)) return [];
    const [first] = error.message.split("\n");
    const line = /:(\d+):\d+\s*$/.exec(error.message)?.[1];
    return [{
      place: line === undefined ? file : `${file}:${line}`,
      message: `${file} cannot be parsed: ${first!.replace(/^SyntaxError: /, "")}`,
      advice: "correct this line first",
    }];
  }
}
