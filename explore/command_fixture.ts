/**
 * Fixtures for the tests of this folder: the commands as a user calls them, and submissions with a
 * mistake.
 *
 * @module
 */

import { assertStringIncludes } from "@std/assert";
import type { z } from "zod";
import { type CommandResult, runInProcess } from "../cli/command_fixture.ts";
import { makeFolder } from "../cli/folder_fixture.ts";
import type { Command } from "../cli/mod.ts";
import { mayRunProcesses } from "../cli/permissions_fixture.ts";
import { lincheck } from "../lincheck/lincheck.ts";
import { detectCommand } from "./detect.ts";
import { explore, exploreCommand, type ExploreSettings } from "./explore.ts";
import type { Overlay } from "./overlay.ts";
import { replay, replayCommand } from "./replay.ts";

/** Registers a test that needs the permission to run processes. */
export function processTest(name: string, run: () => Promise<void>): void {
  Deno.test(name, { ignore: !mayRunProcesses }, run);
}

/** The folder of the lab. */
export const LAB = new URL("../", import.meta.url);

/** A replacement in one file. */
export interface Edit {
  file: string;
  from: string;
  to: string;
}

/** Returns a command by the name of its task. One process is enough for a few seeds. */
function commandOf(name: string, settings: ExploreSettings): Command<z.ZodObject> {
  const commands: Record<string, Command<z.ZodObject>> = {
    explore: {
      ...exploreCommand,
      run: (given) => explore(given as never, { processes: 1, ...settings }),
    },
    replay: { ...replayCommand, run: (given) => replay(given as never, settings) },
    detect: detectCommand,
    lincheck,
  };
  return commands[name]!;
}

/** Runs a command in this process, given its name and its options. */
export async function runTask(
  [name, ...words]: string[],
  settings: ExploreSettings = {},
): Promise<CommandResult> {
  return await runInProcess(commandOf(name!, settings), words);
}

/** Edits files. */
export async function edit(folder: string, ...edits: Edit[]): Promise<void> {
  for (const { file, from, to } of edits) {
    const path = `${folder}/${file}`;
    const text = await Deno.readTextFile(path);
    assertStringIncludes(text, from);
    await Deno.writeTextFile(path, text.replace(from, () => to));
  }
}

/** Copies the lab's own solution and edits it. */
export async function makeSubmission(...edits: Edit[]): Promise<Overlay> {
  const files: Record<string, string> = {};
  for (const file of ["client.ts", "server.ts"]) {
    files[file] = await Deno.readTextFile(new URL(file, LAB));
  }
  const folder = await makeFolder(files);
  await edit(folder.path, ...edits);
  return folder;
}

const ID = "readonly #id = crypto.randomUUID();";
export const CLERK = "export class Clerk {";
const ARGS = "const args = { key, value, ...this.#nextRequest() };";

/** Mistakes by their names. */
export const MISTAKES = {
  /** A retry is executed again. */
  executesCopies: [{
    file: "server.ts",
    from: "if (latest !== undefined && seq === latest.seq) return await latest.reply;",
    to: "",
  }],
  /** A request that arrives after a later one of its clerk is executed. */
  executesOutdatedCopies: [{
    file: "server.ts",
    from:
      'if (latest !== undefined && seq < latest.seq) throw new TimeoutError("An outdated retry");',
    to: "",
  }],
  /** A handler never lets go of the processor. */
  hangs: [{
    file: "server.ts",
    from: "const old =",
    to: "while (args.seq === 3);\n      const old =",
  }],
  /** Clerks are numbered across runs. */
  keepsState: [
    { file: "client.ts", from: CLERK, to: `let clerks = 0;\n${CLERK}` },
    { file: "client.ts", from: ID, to: "readonly #id = `clerk ${clerks++}`;" },
  ],
  /** A clerk prints what it sends. */
  prints: [{ file: "client.ts", from: ARGS, to: `${ARGS}\n    console.log("puts", 1, args);` }],
  /** The file does not parse. */
  isBroken: [{ file: "client.ts", from: CLERK, to: "export class {" }],
  /** The file needs a permission. */
  readsFiles: [{
    file: "client.ts",
    from: CLERK,
    to: `Deno.readTextFileSync("deno.json");\n${CLERK}`,
  }],
} satisfies Record<string, Edit[]>;
