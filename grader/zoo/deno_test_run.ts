/**
 * Runs programs of the zoo as a student does: plain `deno test`, without a permission.
 *
 * @module
 */

import { join, resolve } from "node:path";
import type { Overlay } from "../../explore/overlay.ts";
import { shortName } from "../../testing/failure_report.ts";
import type { Outcome } from "./outcome.ts";

/** Runs tests once on each of some programs, one after another.
 *
 * @param overlays Copies of the lab with the programs in them, which nobody else uses.
 * @param tests The short names of the tests.
 * @returns The outcome of each program.
 */
export async function runDenoTest(
  overlays: readonly Overlay[],
  tests: readonly string[],
): Promise<Outcome[]> {
  const [{ path: cwd } = { path: "" }] = overlays;
  const files = overlays.map(({ path }) => join(path, "test_test.ts"));
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "--no-prompt", "--no-check", `--filter=/^(${tests.join("|")}):/`, ...files],
    cwd,
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  const output = decoder.decode(stdout) + decoder.decode(stderr);
  return files.map((file) => {
    const own = partsOf(output, (name) => resolve(cwd, name) === file);
    return { passed: testsIn(own, "ok"), failed: testsIn(own, "FAILED"), output: own };
  });
}

/** The line in which the runner names the file of the next lines. */
const HEADING = /^(?:running \d+ tests from |Test.* => )(.*?\.ts)(?::\d+:\d+)?\n/m;

/** The parts of an output that are about some of the files. */
function partsOf(output: string, isWanted: (name: string) => boolean): string {
  const [, ...parts] = output.split(HEADING);
  return parts.filter((_, i) => i % 2 === 1 && isWanted(parts[i - 1]!)).join("\n");
}

function testsIn(output: string, end: "ok" | "FAILED"): string[] {
  const lines = output.matchAll(new RegExp(`^(Test.*?) \\.\\.\\. ${end} \\(`, "gm"));
  return Array.from(lines, ([, name]) => shortName(name!)).sort();
}
