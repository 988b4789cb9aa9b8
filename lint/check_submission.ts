/**
 * Applies the rules for submissions to a text while `deno test` runs, which alone offers
 * that without a permission. In any other process nothing is refused here.
 *
 * @module
 */

import plugin from "./submission.ts";

/** Something that a submission may not do. */
export interface Refusal {
  /** The file, for example `"client.ts"`. */
  file: string;
  /** The line, from 1; `null` if it cannot be told. */
  line: number | null;
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
  let found: Deno.lint.Diagnostic[];
  try {
    found = Deno.lint.runPlugin(plugin, file, text);
  } catch (error) {
    // A fault of the rules themselves refuses nothing: what isolates is the realm.
    return error instanceof SyntaxError ? [unreadable(file, error)] : [];
  }
  const lineAt = lineCounter(text);
  return found.sort((one, other) => one.range[0] - other.range[0]).map((each) => ({
    file,
    line: lineAt(each.range[0]),
    message: each.message,
    advice: each.hint ?? "",
  }));
}

function unreadable(file: string, error: unknown): Refusal {
  const text = error instanceof Error ? error.message : String(error);
  const line = /:(\d+):\d+\s*$/.exec(text)?.[1];
  return {
    file,
    line: line === undefined ? null : Number(line),
    message: `${file} cannot be parsed: ${text.split("\n")[0]!.replace(/^SyntaxError: /, "")}`,
    advice: "correct this line first",
  };
}

/** Returns a function that finds the line of a place, from 1. */
function lineCounter(text: string): (offset: number) => number {
  return (offset) => text.slice(0, offset).split(/\r\n|\r|\n/).length;
}
