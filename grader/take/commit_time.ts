/**
 * The time of the last commit of a submission that is a clone of a repository.
 *
 * It is the time of the student's machine, so reports name the commit; GitHub has the time of its
 * push.
 *
 * @module
 */

import { join } from "node:path";
import type { HandIn } from "../result/late.ts";
import { locate } from "./locate.ts";
import { makeTemporary } from "../../cli/temporary.ts";

const HASH = /^[0-9a-f]{40}$/;
const REF = /^refs\/(?!.*\.\.)[\w./+@-]+$/;

/** The largest file of a repository that is read, in bytes. */
const GIT_FILE_BYTES_MAX = 8 * 1024 * 1024;

/** The time limit of git, in real milliseconds. */
const GIT_MS_MAX = 10_000;

/** Returns the time of the last commit of a submission: that of its folder, or of the folder inside it
 * that holds its files. */
export async function lastCommit(folder: string): Promise<HandIn | undefined> {
  const [inside = ""] = await locate(folder);
  return await commitOf(folder) ??
    (inside === "" ? undefined : await commitOf(join(folder, inside)));
}

/** Returns the time of the last commit in a folder; `undefined` if it is no repository, or git is not
 * installed.
 *
 * The configuration of the repository could name commands for git to run. So git works in an empty
 * repository, and takes only objects from this one.
 */
async function commitOf(folder: string): Promise<HandIn | undefined> {
  const git = join(folder, ".git");
  const objects = join(git, "objects");
  if (!await isFolder(git) || !await isFolder(objects)) return undefined;
  const hash = await headOf(git);
  if (hash === undefined) return undefined;
  try {
    const header = await commitHeader(await Deno.realPath(objects), hash);
    const [, seconds] = /^committer .*> (\d{1,12}) [+-]\d{4}$/m.exec(header) ?? [];
    if (seconds === undefined) return undefined;
    return { at: new Date(Number(seconds) * 1000), source: `git commit ${hash.slice(0, 7)}` };
  } catch {
    return undefined;
  }
}

/** Returns the hash of the commit that is checked out. */
async function headOf(git: string): Promise<string | undefined> {
  const head = await textOf(join(git, "HEAD"));
  if (HASH.test(head)) return head;
  const [, ref] = /^ref: (\S+)$/.exec(head) ?? [];
  if (ref === undefined || !REF.test(ref)) return undefined;
  const hash = await textOf(join(git, ref));
  if (HASH.test(hash)) return hash;
  const lines = (await textOf(join(git, "packed-refs"))).split("\n");
  const packed = lines.find((line) => line.slice(41) === ref)?.slice(0, 40) ?? "";
  return HASH.test(packed) ? packed : undefined;
}

/** Returns the header of a commit. */
async function commitHeader(objects: string, hash: string): Promise<string> {
  const place = await makeTemporary();
  try {
    await Deno.mkdir(join(place, "refs"));
    await Deno.writeTextFile(join(place, "HEAD"), "ref: refs/heads/none\n");
    const child = new Deno.Command("git", {
      args: ["cat-file", "commit", hash],
      clearEnv: true,
      env: {
        ...{ PATH: Deno.env.get("PATH") ?? "", GIT_CONFIG_NOSYSTEM: "1" },
        ...{ GIT_DIR: place, GIT_OBJECT_DIRECTORY: objects },
      },
      stdout: "piped",
      stderr: "null",
      signal: AbortSignal.timeout(GIT_MS_MAX),
    }).spawn();
    let text = "";
    for await (const part of child.stdout.pipeThrough(new TextDecoderStream() as never)) {
      text += part;
      if (text.includes("\n\n")) break;
    }
    await child.status;
    return text.split("\n\n")[0]!;
  } finally {
    await Deno.remove(place, { recursive: true });
  }
}

async function isFolder(path: string): Promise<boolean> {
  return (await Deno.lstat(path).catch(() => null))?.isDirectory === true;
}

/** Returns the text of a file without spaces at its end; `""` if there is none or it is too large. */
async function textOf(path: string): Promise<string> {
  const stat = await Deno.lstat(path).catch(() => null);
  if (!stat?.isFile || stat.size > GIT_FILE_BYTES_MAX) return "";
  return (await Deno.readTextFile(path).catch(() => "")).trimEnd();
}
