/**
 * `deno task handout`: writes the repository that students start from.
 *
 * @module
 */

import { z } from "zod";
import {
  type Command,
  CommandError,
  EXIT_STATUS,
  type ExitStatus,
  flag,
  main,
} from "../cli/mod.ts";
import { handoutFiles } from "./files.ts";

/** Lies in every handout, and lists its files. */
const MARKER = ".kvlab-handout";

const Options = z.strictObject({
  force: flag().meta({
    description: "Writes a handout again, over its own files; others, such as .git, stay",
  }),
});

/** The command. */
export const handout: Command<typeof Options> = {
  name: "handout",
  summary: "Writes the repository that students start from into a folder.",
  operands: { name: "DIR", min: 1, max: 1 },
  options: Options,
  run,
};

async function run({ force }: z.infer<typeof Options>, [folder]: string[]): Promise<ExitStatus> {
  await checkFolder(folder!, force);
  const files = await handoutFiles();
  try {
    await writeHandout(folder!, files);
  } catch (error) {
    throw new CommandError(`Cannot write to "${folder}": ${(error as Error).message}`);
  }
  console.log(`Wrote ${files.size} files to "${folder}"; read its README.md first`);
  return EXIT_STATUS.ok;
}

/** Makes sure that nothing is written over but a handout.
 *
 * @throws {CommandError} Something would be.
 */
async function checkFolder(folder: string, force: boolean): Promise<void> {
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) names.push(name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw new CommandError(`Cannot read "${folder}": ${(error as Error).message}`);
  }
  if (names.length === 0) return;
  const isHandout = names.includes(MARKER);
  if (isHandout && force) return;
  throw new CommandError(
    isHandout
      ? `"${folder}" holds a handout already; add --force to write it again`
      : `"${folder}" is not empty and holds no handout; name an empty folder or a new one`,
  );
}

/** Writes the files, and removes those of an earlier handout that are in this one no
 * more. */
async function writeHandout(folder: string, files: Map<string, string>): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  const marker = `${folder}/${MARKER}`;
  for (const path of await writtenBefore(marker)) {
    if (files.has(path) || path.split("/").includes("..")) continue;
    await Deno.remove(`${folder}/${path}`).catch((error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    });
  }
  for (const [path, text] of files) {
    const name = `${folder}/${path}`;
    await Deno.mkdir(name.slice(0, name.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(name, text);
  }
  await Deno.writeTextFile(marker, [...files.keys()].sort().map((path) => `${path}\n`).join(""));
}

/** The files that the marker of an earlier handout lists. */
async function writtenBefore(marker: string): Promise<string[]> {
  try {
    return (await Deno.readTextFile(marker)).split("\n").filter((path) => path !== "");
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

if (import.meta.main) await main(handout);
