/**
 * The text of a failure: the violation, the operation, the expected and the actual value, a hint
 * at the missing idea, and the commands that tell its story, repeat it, and draw its page.
 *
 * @module
 */

import { cleanText } from "../linearizability/mod.ts";
import { PlainError } from "../sim/mod.ts";
import { HINTS_ALONE } from "./hints.ts";
import type { NetworkName, RunOptions } from "./run_options.ts";

/** A property that does not hold in a run. */
export interface Violation {
  /** The sentence that says what went wrong. */
  what: string;
  /** The operation that shows it. */
  operation?: string;
  expected?: string;
  actual?: string;
  /** The places in the student's files where it happened, innermost first. */
  where?: string[];
  /** The missing idea, never the code. */
  hint: string;
  /** The name of the link whose call timed out, if the violation is about a timeout. */
  link?: string | undefined;
  /** True if the network loses no messages. */
  isReliable?: true;
  /** True if the cluster has one server. */
  isAlone?: true;
  /** True if the rules refuse the submission: there is no run to tell or to repeat. */
  isRefusal?: true;
}

/** A failed test. Its message is the whole report. */
export class LabFailure extends PlainError {
  override readonly name = "LabFailure";

  /** The command that repeats the run. */
  readonly replay: string;

  /** @param target The run that failed. */
  constructor(readonly violation: Violation, target: ReplayTarget) {
    const lines = violationLines(violation);
    if (!violation.isRefusal) lines.push(...commandLines(target));
    // Text of students may hold characters that act on a terminal.
    super(lines.map(cleanText).join("\n"));
    this.replay = replayCommand(target);
  }
}

/** Returns the lines with the commands that tell a run, repeat it, and draw its page. */
function commandLines(target: ReplayTarget): string[] {
  const replay = replayCommand(target);
  const story = storyCommand(target);
  const page = pageCommand(target);
  return [
    ...story === undefined || story === replay ? [] : [`  story:     ${story}`],
    `  replay:    ${replay}`,
    ...page === undefined ? [] : [`  page:      ${page}`],
  ];
}

/** Returns the lines that describe a violation, without the commands. */
export function violationLines(violation: Violation): string[] {
  const { what, operation, expected, actual, where = [] } = violation;
  const lines = [what];
  if (operation !== undefined) lines.push(`  operation: ${operation}`);
  if (expected !== undefined) lines.push(`  expected:  ${expected}`);
  if (actual !== undefined) lines.push(`  actual:    ${actual}`);
  where.forEach((place, i) => lines.push(`  ${i === 0 ? "where:" : "      "}     ${place}`));
  lines.push(`  hint:      ${hintText(violation)}`);
  return lines;
}

/** Returns the text of the hint, which does not ask which server is meant if there is one. */
export function hintText({ hint, isAlone }: Violation): string {
  return (isAlone ? HINTS_ALONE.get(hint) : undefined) ?? hint;
}

const VALUE_LENGTH_MAX = 100;

/** Shows a text in quotes or another value, cut in the middle to a readable length. */
export function show(value: unknown): string {
  if (typeof value !== "string") return Deno.inspect(value, { depth: 1, strAbbreviateSize: 60 });
  if (value.length <= VALUE_LENGTH_MAX) return JSON.stringify(value);
  const half = VALUE_LENGTH_MAX / 2;
  const cut = value.length - 2 * half;
  return `${JSON.stringify(value.slice(0, half))} …${cut} more characters… ` +
    JSON.stringify(value.slice(-half));
}

/** Shows two texts in quotes, both cut to what surrounds their first difference.
 *
 * @example Only the part that differs is shown
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
  const start = same > 40 ? same - 20 : 0;
  const cut = (value: string) => {
    const part = show(value.slice(start));
    return start > 0 ? `…${start} characters… ${part}` : part;
  };
  return [cut(one), cut(other)];
}

/** Shows a call as code would write it, cut to a readable length. */
export function showCall(
  { op, key, value }: { op: string; key: string; value?: string },
): string {
  return value === undefined ? `${op}(${show(key)})` : `${op}(${show(key)}, ${show(value)})`;
}

/** Lists names in a sentence. */
export function listed(names: readonly string[]): string {
  return new Intl.ListFormat("en").format(names);
}

/** A run of a test that can be repeated. */
export interface ReplayTarget extends RunOptions {
  /** The name of the test, for example `"TestBasic: one client"`. */
  name: string;
  /** The address of the file that holds it, if that is not `test_test.ts`. */
  origin?: string | undefined;
  /** The folder of the submission, if that is not the lab's own. */
  submission?: string | undefined;
}

const SEVEN_TESTS = "test_test.ts";

/** The folder of the lab. */
const LAB = new URL("../", import.meta.url).href;

/** Returns the command that repeats a run on this machine. */
export function replayCommand(target: ReplayTarget): string {
  if (target.submission !== undefined) return replayTask(target);
  const { name, seed, clock, network } = target;
  const filter = name.split(":")[0] + (name.includes(":") ? ":" : "");
  const options = [`--seed=${seed}`, ...networkOption(network)];
  if (clock === "real") options.push("--clock=real");
  return `${deno()} test ${fileOf(target)} --filter "${filter}" -- ${options.join(" ")}`;
}

/** Returns the command that tells the story of a run. Only the seven tests in simulated time have
 * one. */
function storyCommand(target: ReplayTarget): string | undefined {
  if (fileOf(target) !== SEVEN_TESTS || target.clock === "real") return undefined;
  return replayTask(target);
}

/** Returns the command that draws the page of a run, if it has a story. */
export function pageCommand(target: ReplayTarget): string | undefined {
  const story = storyCommand(target);
  return story && `${story} --html=run.html`;
}

/** Returns the command that performs a schedule.
 *
 * @param file The file of the schedule.
 * @param submission The folder of the submission, if that is not the lab's own. */
export function scheduleCommand(file: string, submission: string | undefined): string {
  const options = [`--schedule=${quoted(file)}`, ...submissionOption(submission)];
  return `${deno()} task replay ${options.join(" ")}`;
}

function submissionOption(submission: string | undefined): string[] {
  return submission === undefined ? [] : [`--submission=${quoted(submission)}`];
}

function replayTask({ name, seed, network, submission }: ReplayTarget): string {
  const options = [
    `--test=${shortName(name)}`,
    `--seed=${seed}`,
    ...networkOption(network),
    ...submissionOption(submission),
  ];
  return `${deno()} task replay ${options.join(" ")}`;
}

/** Returns the name of a test up to the colon. */
export function shortName(name: string): string {
  return name.split(":")[0]!;
}

/** Returns the path of the test's file from the folder of the lab. */
function fileOf({ origin }: ReplayTarget): string {
  if (origin === undefined) return SEVEN_TESTS;
  return origin.startsWith(LAB) ? origin.slice(LAB.length) : origin.split("/").at(-1)!;
}

/** Returns the command for Deno on this machine, through npx if npx started this process. */
export function deno(): string {
  return Deno.execPath().includes("_npx") ? `npx -y deno@${Deno.version.deno}` : "deno";
}

function networkOption(network: NetworkName): string[] {
  return network === "hostile" ? [`--network=${network}`] : [];
}

/** Quotes a word of a command line for a shell if needed. */
function quoted(word: string): string {
  return /^[\w./-]+$/.test(word) ? word : JSON.stringify(word);
}
