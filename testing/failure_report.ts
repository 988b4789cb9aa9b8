/**
 * How a failure reads: what was violated, in the lab's words; the operation, the
 * expected and the actual value; a hint at the idea that is missing; and the one
 * command that runs it again.
 *
 * @module
 */

import { PlainError } from "../sim/mod.ts";

/** A property that does not hold. */
export interface Violation {
  /** What went wrong, in one sentence. */
  what: string;
  /** The operation that shows it. */
  operation?: string;
  expected?: string;
  actual?: string;
  /** Where in the student's files it came about, innermost first. */
  where?: string[];
  /** The idea that is missing, never the code. */
  hint: string;
}

/** A failed test. Its message is the whole report. */
export class LabFailure extends PlainError {
  override readonly name = "LabFailure";

  /** @param violation What does not hold.
   * @param replay The command that runs it again. */
  constructor(readonly violation: Violation, readonly replay: string) {
    const { what, operation, expected, actual, where = [], hint } = violation;
    const lines = [what];
    if (operation !== undefined) lines.push(`  operation: ${operation}`);
    if (expected !== undefined) lines.push(`  expected:  ${expected}`);
    if (actual !== undefined) lines.push(`  actual:    ${actual}`);
    where.forEach((place, i) => lines.push(`  ${i === 0 ? "where:" : "      "}     ${place}`));
    lines.push(`  hint:      ${hint}`, `  replay:    ${replay}`);
    super(lines.join("\n"));
  }
}

const VALUE_LENGTH_MAX = 100;

/** A text in quotes, or any other value, cut in the middle to a readable length. */
export function show(value: unknown): string {
  if (typeof value !== "string") return Deno.inspect(value, { depth: 1, strAbbreviateSize: 60 });
  if (value.length <= VALUE_LENGTH_MAX) return JSON.stringify(value);
  const half = VALUE_LENGTH_MAX / 2;
  const cut = value.length - 2 * half;
  return `${JSON.stringify(value.slice(0, half))} …${cut} more characters… ` +
    JSON.stringify(value.slice(-half));
}

/** Two values in quotes, both cut to what surrounds their first difference.
 *
 * @example Only the part that differs is worth reading
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { showDifference } from "./failure_report.ts";
 *
 * const same = "x".repeat(1000);
 * const [expected, actual] = showDifference(same + "a", same + "b");
 * assertEquals(expected, `…980 characters… "${"x".repeat(20)}a"`);
 * assertEquals(actual, `…980 characters… "${"x".repeat(20)}b"`);
 * ```
 */
export function showDifference(one: string, other: string): [string, string] {
  let same = 0;
  while (same < Math.min(one.length, other.length) && one[same] === other[same]) same++;
  const start = Math.max(0, same - 20);
  const cut = (value: string) => {
    const part = show(value.slice(start));
    return start > 0 ? `…${start} characters… ${part}` : part;
  };
  return [cut(one), cut(other)];
}

/** A call as it would be written, with a readable length. */
export function showCall(
  { op, key, value }: { op: string; key: string; value?: string },
): string {
  return value === undefined ? `${op}(${show(key)})` : `${op}(${show(key)}, ${show(value)})`;
}

/** Which run of which test to repeat. */
export interface ReplayTarget {
  /** The name of the test, for example `"TestBasic: one client"`. */
  name: string;
  /** The address of the file that holds it. */
  origin?: string | undefined;
  seed: number;
  clock: "virtual" | "real";
}

/** The command that runs a test again, as it works on this machine: through npx
 * where Deno itself came that way. */
export function replayCommand({ name, origin, seed, clock }: ReplayTarget): string {
  const viaNpx = Deno.execPath().includes("_npx");
  const deno = viaNpx ? `npx -y deno@${Deno.version.deno}` : "deno";
  const file = origin?.split("/").at(-1) ?? "test_test.ts";
  const filter = name.split(":")[0] + (name.includes(":") ? ":" : "");
  const options = clock === "real" ? `--seed=${seed} --clock=real` : `--seed=${seed}`;
  return `${deno} test ${file} --filter "${filter}" -- ${options}`;
}
