/**
 * Commands that consist of other commands, each in its own process. The first step that fails ends
 * them.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { z } from "zod";
import config from "../deno.json" with { type: "json" };
import { type Command, EXIT_STATUS, type ExitStatus, main } from "../cli/mod.ts";

const LAB = new URL("../", import.meta.url);

/** The folders that hold the lab's code. */
const FOLDERS = ["linearizability", ...config.lint.include.filter((path) => path !== "*.ts")];

/** Returns the paths for `deno check`: the lab's own files, and no others in its folder. Documents
 * have to be named one by one. */
export function checkedPaths(): string[] {
  const filesIn = (folder: string, ending: string) => {
    const entries = Array.from(Deno.readDirSync(new URL(folder, LAB)));
    return entries.filter(({ isFile, name }) => isFile && name.endsWith(ending))
      .map(({ name }) => `${folder}${name}`).toSorted();
  };
  const documents = ["./", ...FOLDERS.map((name) => `${name}/`)].flatMap((folder) => {
    return filesIn(folder, ".md");
  });
  return [...filesIn("./", ".ts"), ...FOLDERS, ...documents];
}

const Options = z.strictObject({});

/** The command lines of Deno that run at the same time. */
type Step = readonly (readonly string[])[];

/** Makes a command from steps. */
function stepsCommand(
  name: string,
  summary: string,
  steps: () => readonly Step[],
): Command<typeof Options> {
  return { name, summary, options: Options, run: () => runSteps(steps()) };
}

async function runSteps(steps: readonly Step[]): Promise<ExitStatus> {
  for (const step of steps) {
    const failed = (await Promise.all(step.map(runDeno))).filter((line) => line !== undefined);
    for (const line of failed) console.error(`${line} failed`);
    if (failed.length > 0) return EXIT_STATUS.failed;
  }
  return EXIT_STATUS.ok;
}

/** The number of test files that run at the same time: one more than there are cores, because some
 * wait for processes. */
const JOBS = { DENO_JOBS: String(navigator.hardwareConcurrency + 1) };

/** Runs Deno.
 *
 * @returns The beginning of the command line if it failed. */
async function runDeno(args: readonly string[]): Promise<string | undefined> {
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: fileURLToPath(LAB),
    env: JOBS,
  }).spawn().status;
  return success ? undefined : `deno ${args.slice(0, 2).join(" ")}`;
}

/** The commands of this module. */
export const STEPS_COMMANDS = {
  ok: stepsCommand(
    "ok",
    "Runs the gate: formatting, lint with import arrows, types, every test, examples in docs.",
    () => [
      [["fmt", "--check"], ["lint"]],
      // The compiler uses one core, and ends long before the tests.
      [["check", "--quiet", "--doc", ...checkedPaths()], ["task", "test", "--no-check"]],
    ],
  ),
  bench: stepsCommand(
    "bench",
    "Runs the benchmarks, then prints the figures of this machine.",
    () => [
      [["bench", "--allow-read", "bench"]],
      ...["check-table", "figures", "class-cost"].map((name) => [["task", name]]),
    ],
  ),
};

if (import.meta.main) {
  const name = Deno.args[0] as keyof typeof STEPS_COMMANDS;
  await main(STEPS_COMMANDS[name], Deno.args.slice(1));
}
