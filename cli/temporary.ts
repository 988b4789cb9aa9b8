/**
 * Temporary folders. Each is named after its process, so that a later process can remove the
 * folders of one that was killed.
 *
 * @module
 */

import { join } from "node:path";
import process from "node:process";
import { systemReason } from "./system_reason.ts";

/** The beginning of the name of each folder. */
const TEMPORARY = `kvlab-${Deno.pid}-`;

const LEFT_BEHIND = /^kvlab-(\d+)-/;

/** Makes a temporary folder.
 *
 * @returns Its path; the caller removes it.
 * @throws {Error} There is no room, or nothing may be written there.
 */
export async function makeTemporary(): Promise<string> {
  try {
    return await Deno.makeTempDir({ prefix: TEMPORARY });
  } catch (error) {
    throw new Error(`Cannot make a temporary folder: ${systemReason(error)}`, { cause: error });
  }
}

/** Removes the folders of processes that have ended.
 *
 * @param folder The folder that holds them; that of the system if absent.
 */
export async function sweepTemporary(folder?: string): Promise<void> {
  try {
    const place = folder ?? await temporaryFolder();
    for await (const { name, isDirectory } of Deno.readDir(place)) {
      const [, pid] = LEFT_BEHIND.exec(name) ?? [];
      if (!isDirectory || pid === undefined || isAlive(Number(pid))) continue;
      // Another process may sweep as well, or the folder may belong to another user.
      await Deno.remove(join(place, name), { recursive: true }).catch(() => {});
    }
  } catch {
    // A folder that cannot be read is not swept.
  }
}

/** Returns the folder that holds temporary folders. */
async function temporaryFolder(): Promise<string> {
  const made = await makeTemporary();
  await Deno.remove(made);
  return join(made, "..");
}

/** Returns true unless a process has surely ended. */
function isAlive(pid: number): boolean {
  try {
    // Signal 0 is not sent; it only tells if a signal could be.
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code !== "ESRCH";
  }
}
