/**
 * Runs programs of the zoo as a student does: with `deno test` in a child process, without
 * permissions.
 *
 * @module
 */

import { assert } from "@std/assert";
import { join, resolve } from "node:path";
import { LAB, layOver, type Overlay } from "../../explore/overlay.ts";
import { shortName } from "../../testing/failure_report.ts";
import type { Outcome } from "./in_process.ts";
import { filesOf, type Program } from "./program.ts";

/** Runs tests once on each program, all in one process.
 *
 * @param tests The short names of the tests.
 * @param reference The texts of the reference's files by their names.
 * @returns The outcome of each program.
 */
export async function runInDenoTest(
  programs: readonly Program[],
  tests: readonly string[],
  reference: ReadonlyMap<string, string>,
): Promise<Map<Program, Outcome>> {
  await using overlays = new AsyncDisposableStack();
  const files = new Map<Program, string>();
  for (const program of programs) {
    const overlay = overlays.use(await layOver(filesOf(program, reference)));
    if (program.spins) await shortenLimits(overlay);
    files.set(program, join(overlay.path, "test_test.ts"));
  }
  const filter = `--filter=/^(${tests.join("|")}):/`;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "--no-prompt", "--no-check", filter, ...files.values()],
    cwd: LAB,
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  const parts = partsByFile(decoder.decode(stdout) + decoder.decode(stderr));
  return new Map(Array.from(files, ([program, file]) => {
    const output = parts.get(file) ?? "";
    return [program, {
      passed: testsIn(output, "ok"),
      failed: testsIn(output, "FAILED"),
      output,
    }];
  }));
}

/** Limits in an overlay that recognize a loop sooner, and on a busy machine as well. */
const SHORT_LIMITS = [
  ["testing/patience.ts", "RUN_MS_MIN = 10_000", "RUN_MS_MIN = 2_000"],
  ["sim/turn.ts", "LOOP_SHARE = 0.2", "LOOP_SHARE = 0.02"],
] as const;

async function shortenLimits({ path }: Overlay): Promise<void> {
  for (const [file, from, to] of SHORT_LIMITS) {
    const text = await Deno.readTextFile(join(path, file));
    assert(text.includes(from), file);
    await Deno.writeTextFile(join(path, file), text.replace(from, to));
  }
}

/** The line in which the runner names the file that the next lines are about. */
const HEADING = /^(?:running \d+ tests? from |Test.* => )(.*?\.ts)(?::\d+:\d+)?\n/m;

/** Splits the runner's output by the absolute path of the file that each part is about. */
function partsByFile(output: string): Map<string, string> {
  const parts = new Map<string, string>();
  const [, ...pieces] = output.split(HEADING);
  for (let i = 0; i < pieces.length; i += 2) {
    const file = resolve(LAB.pathname, pieces[i]!);
    parts.set(file, (parts.get(file) ?? "") + pieces[i + 1]!);
  }
  return parts;
}

function testsIn(output: string, end: "ok" | "FAILED"): string[] {
  const lines = output.matchAll(new RegExp(`^(Test.*?) \\.\\.\\. ${end} \\(`, "gm"));
  return Array.from(lines, ([, name]) => shortName(name!));
}
