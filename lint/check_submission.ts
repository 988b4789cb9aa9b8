/**
 * Applies the rules for submissions to a text. Only `deno test` can do so without a permission; in
 * other processes, nothing is refused here.
 *
 * @module
 */

import plugin from "./submission.ts";

/** A violation of the rules. */
export interface Refusal {
  /** The file, with the line if it is known, for example `"client.ts:7"`. */
  place: string;
  /** The violation, in one sentence. */
  message: string;
  /** The remedy. */
  advice: string;
}

/** Checks one file of a submission.
 *
 * @param file `"client.ts"` or `"server.ts"`.
 * @param source Its text.
 * @returns What is refused, in the order of the lines.
 */
export function checkSubmission(file: string, source: string): Refusal[] {
  // The tree does not count a byte order mark.
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
    // A crash of a rule refuses nothing; the realm isolates in any case.
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
