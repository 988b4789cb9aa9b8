/**
 * Writing a handout loses no work, and touches nothing outside its folder.
 *
 * @module
 */

import { assertEquals, assertRejects } from "@std/assert";
import { fileURLToPath } from "node:url";
import { makeFolder } from "../cli/folder_fixture.ts";
import { CommandError } from "../cli/mod.ts";
import { mayRunProcesses } from "../cli/permissions_fixture.ts";
import { hashOf } from "../grader/hash.ts";
import { LAB } from "./files.ts";
import { writeHandout } from "./target.ts";

const ignore = !mayRunProcesses;

const FILES = { "client.ts": "// Your code here", "server.ts": "// Your code", "sim/clock.ts": "" };

/** Writes a handout of these files. */
function write(folder: string, force = false): Promise<void> {
  return writeHandout(folder, new Map(Object.entries(FILES)), force);
}

/** Fails unless a handout is refused. */
async function assertRefused(folder: string, words: string, force = true): Promise<void> {
  await assertRejects(() => write(folder, force), CommandError, words);
}

/** Returns the texts of the files in a folder by their paths. */
async function filesIn(folder: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for await (const { name, isFile } of Deno.readDir(folder)) {
    if (isFile) files[name] = await Deno.readTextFile(`${folder}/${name}`);
  }
  return files;
}

Deno.test("writeHandout() replaces nothing but a handout, and only if it is forced", {
  ignore,
}, async () => {
  await using folder = await makeFolder({ "client.ts": "mine" });
  const { path } = folder;
  await assertRefused(path, "is not empty and holds no handout");
  assertEquals(await filesIn(path), { "client.ts": "mine" });

  await Deno.remove(`${path}/client.ts`);
  await write(path);
  await assertRefused(path, "holds a handout already; add --force", false);

  await Deno.writeTextFile(`${path}/client.ts`, "mine");
  await Deno.remove(`${path}/server.ts`);
  const { ".kvlab-handout": marker, ...before } = await filesIn(path);
  await assertRefused(path, "changed since they were handed out: client.ts;");
  assertEquals(await filesIn(path), { ...before, ".kvlab-handout": marker! });

  await Deno.remove(`${path}/client.ts`);
  await Deno.writeTextFile(`${path}/outdated.ts`, "old");
  await Deno.writeTextFile(`${path}/notes.md`, "kept");
  await Deno.writeTextFile(`${path}/.kvlab-handout`, `${hashOf("old")} outdated.ts\n`, {
    append: true,
  });
  await write(path, true);
  const { "client.ts": client, "server.ts": server } = FILES;
  assertEquals(await filesIn(path), {
    ...{ "client.ts": client, "server.ts": server, "notes.md": "kept" },
    ".kvlab-handout": marker!,
  });
});

Deno.test("writeHandout() does not write through a link or into the lab", { ignore }, async () => {
  await using folder = await makeFolder();
  await using elsewhere = await makeFolder();
  const { path } = folder;
  await write(path);
  await Deno.remove(`${path}/sim`, { recursive: true });
  await Deno.symlink(elsewhere.path, `${path}/sim`);
  await assertRefused(path, `"sim" in "${path}" is a link, which is not written through`);
  assertEquals(await filesIn(elsewhere.path), {});
  const lab = fileURLToPath(LAB);
  for (const place of ["docs/new", "..new", "."]) {
    await assertRefused(`${lab}${place}`, "is in the lab or holds it");
  }
  await assertRefused(`${path}/client.ts/new`, `Cannot write to "${path}/client.ts/new": `);
});

Deno.test("writeHandout() writes into a new clone", { ignore }, async () => {
  await using folder = await makeFolder({ ".git/config": "", ".DS_Store": "" });
  await write(folder.path);
  assertEquals((await filesIn(folder.path))["client.ts"], FILES["client.ts"]);
});
