/**
 * Splits the text of a failed test into its message and its hint. The commands in it are left out,
 * since they name files of the machine that graded.
 *
 * @module
 */

const HINT = /^ {2}hint: +(.*)$/m;
const COMMANDS = /^ {2}(?:story|replay|page): .*\n?/gm;
const STACK = /^ +at (?:\S+ \()?(?:file|ext|node|npm):.*\n?/gm;

/** The number of characters of a message that are kept; a submission can make it of any length. */
const MESSAGE_LENGTH_MAX = 20_000;

/** Returns the message and the hint of a failed test.
 *
 * @param text The text of its error.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { partsOfFailure } from "./failure_text.ts";
 *
 * assertEquals(partsOfFailure("LabFailure: it broke\n  hint:      Look again\n  replay:    deno"), {
 *   message: "it broke",
 *   hint: "Look again",
 * });
 * ```
 */
export function partsOfFailure(text: string): { message: string; hint: string | null } {
  const kept = text.slice(0, MESSAGE_LENGTH_MAX);
  const [, hint = null] = HINT.exec(kept) ?? [];
  const message = kept.replace(/^(?:Uncaught )?(?:LabFailure|Error): /, "").replace(HINT, "")
    .replace(COMMANDS, "").replace(STACK, "");
  return { message: message.replace(/\n{2,}/g, "\n").trim(), hint };
}

/** Returns the command that repeats a run in the student's folder. */
export function replayOf(name: string, seed: number): string {
  return `deno test test_test.ts --filter "${name}:" -- --seed=${seed}`;
}
