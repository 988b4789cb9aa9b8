/**
 * `deno task watch`: whenever a file is saved, runs the tests until one fails, and shows that
 * failure on one screen. Deno's watcher restarts this process at each change.
 *
 * @module
 */

import { z } from "zod";
import { type Command, CommandError, type ExitStatus, main, wholeNumber } from "../cli/mod.ts";
import { deno, pageCommand, shortName } from "../testing/failure_report.ts";
import { DEFAULT_SEED } from "../testing/run_options.ts";
import { findTest, openLab } from "./run/lab.ts";
import { withLoopPlace } from "./run/loop_place.ts";
import { checkRules } from "./run/rules.ts";
import { Runner } from "./run/runner.ts";
import { violationOf } from "./run/seed_run.ts";
import { explain } from "./story/explanation.ts";
import { screenLines, type ScreenSize } from "./story/screen.ts";

/** The screen if the output is not a terminal. */
const USUAL_SCREEN: ScreenSize = { columns: 80, rows: 24 };

/** The rows for the lines of the watcher, the search and the cursor. */
const OTHER_ROWS = 3;

/** The smallest width of a screen, in characters; a narrower terminal breaks the lines. */
const COLUMNS_MIN = 40;

const options = z.strictObject({
  test: z.string().optional()
    .meta({ value: "NAME", description: "Runs this test only, for example TestUnreliable" }),
  seed: wholeNumber("seed").default(DEFAULT_SEED)
    .meta({ value: "N", description: `The seed of the tests; ${DEFAULT_SEED}` }),
});

/** The command. */
export const watchCommand: Command<typeof options> = {
  name: "watch",
  summary: "Runs the tests at each change of a file, and shows the first failure. Ctrl-C ends it.",
  options,
  run: watch,
};

/** Shows the first failure, and waits until the watcher restarts this process. */
async function watch({ test, seed }: z.infer<typeof options>): Promise<ExitStatus> {
  await using lab = await openLab();
  const { columns } = Deno.stdout.isTerminal() ? Deno.consoleSize() : USUAL_SCREEN;
  const size = {
    columns: Math.max(columns, COLUMNS_MIN),
    rows: USUAL_SCREEN.rows - OTHER_ROWS,
  };
  for (const line of await firstFailure(lab.url, { test, seed }, size)) console.log(line);
  // Without a timer, Deno reports that nothing can settle the promise.
  setInterval(() => {}, 1_000_000);
  return await new Promise<never>(() => {});
}

/** Runs the tests until one fails.
 *
 * @param lab The folder of the lab; ends in a slash.
 * @param choice The name of the test to run, all if absent, and the seed.
 * @returns The lines to show.
 * @throws {CommandError} There is no such test.
 */
export async function firstFailure(
  lab: URL,
  { test, seed }: { test?: string | undefined; seed: number },
  size: ScreenSize,
): Promise<string[]> {
  using runner = new Runner(lab);
  let all: readonly string[];
  try {
    const rules = checkRules(lab);
    // Both say so if a file cannot be parsed; the first does in the words of the other commands.
    await Promise.allSettled([runner.tests, rules]);
    all = await runner.tests;
    await rules;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return [error.message, "  next:      fix that and save"];
  }
  const tests = test === undefined ? all : [findTest(test, all)];
  for (const [passed, name] of tests.entries()) {
    const run = { test: name, seed, network: "unreliable" } as const;
    const result = await runner.run({ ...run, schedule: true });
    if (result.failure === undefined) continue;
    const failure = result.failure = await withLoopPlace(lab, run, result.failure);
    const story = (await explain(lab, { ...run, ...result }))?.story;
    const before = passed === 0 ? "" : `, after ${passed} that passed`;
    const page = pageCommand({ ...run, name, clock: "virtual" });
    return screenLines({
      title: `${shortName(name)} failed with seed ${seed}${before}`,
      violation: violationOf(failure),
      story,
      next: `edit and save; to see the whole run: ${page}`,
    }, size);
  }
  const [what, next] = tests.length === 1
    ? [shortName(tests[0]!), "watch"]
    : [`All ${tests.length} tests`, "explore --seeds=200"];
  return [`${what} passed with seed ${seed}`, `  next:      ${deno()} task ${next}`];
}

if (import.meta.main) await main(watchCommand);
