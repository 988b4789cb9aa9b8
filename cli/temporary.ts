/**
 * Temporary folders. Each is named after the process that made it, so that a
 * later one can remove what a killed process has left behind.
 *
 * @module
 */

import { join } from "node:path";
import process from "node:process";

/** The beginning of the name of each folder. */
export const TEMPORARY = `kvlab-${Deno.pid}-`;

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
    const { message } = error as Error;
    throw new Error(`Cannot make a temporary folder: ${message}`, { cause: error });
  }
}

/** Removes the folders of processes that are gone.
 *
 * @param folder Where temporary folders are; the system's own if absent.
 */
export async function sweepTemporary(folder?: string): Promise<void> {
  try {
    const place = folder ?? await temporaryFolder();
    for await (const { name, isDirectory } of Deno.readDir(place)) {
      const [, pid] = LEFT_BEHIND.exec(name) ?? [];
      if (!isDirectory || pid === undefined || isAlive(Number(pid))) continue;
      // Another process may sweep at the same time, or the folder may be somebody else's.
      await Deno.remove(join(place, name), { recursive: true }).catch(() => {});
    }
  } catch {
    // Nothing can be read there, so nothing can be swept.
  }
}

/** The folder that temporary folders are made in. */
async function temporaryFolder(): Promise<string> {
  const made = await makeTemporary();
  await Deno.remove(made);
  return join(made, "..");
}

/** Returns true unless a process is known to be gone. */
function isAlive(pid: number): boolean {
  try {
    // Signal 0 only asks whether it could be sent.
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code !== "ESRCH";
  }
}
