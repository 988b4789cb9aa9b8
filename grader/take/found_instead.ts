/**
 * Says what a folder holds in place of a missing file, so that an instructor sees what a student
 * handed in without opening it.
 *
 * @module
 */

import { levelsOf } from "./locate.ts";

const DEPTH_WORDS = ["", "one folder", "two folders", "three folders"];

/** The number of names in a message. */
const NAMES_MAX = 4;

/** Names of other files that may hold a solution. */
const TELLING = /\.(?:zip|tar|tgz|gz|7z|rar|py|go|java|js|mjs|ts|tsx|pdf|docx?|txt|md)$/i;

/** Says what a folder holds in place of a file.
 *
 * @param folder The folder.
 * @param file The name of the file that is not in it.
 * @returns For example `found lab/client.ts one folder deeper`.
 */
export async function foundInstead(folder: string, file: string): Promise<string> {
  const names: string[] = [];
  let depth = 0;
  for await (const level of levelsOf(folder)) {
    for (const { path, entries } of level) {
      for (const { name } of entries.filter(({ isDirectory }) => !isDirectory)) {
        if (depth > 0 && name === file) {
          return `found ${path}/${name} ${DEPTH_WORDS[depth]} deeper; --root=${path} grades that`;
        }
        if (name.toLowerCase() === file) {
          return `found ${path === "" ? name : `${path}/${name}`}, and expected ${file}`;
        }
        if (depth === 0 && TELLING.test(name)) names.push(name);
      }
    }
    depth++;
  }
  if (names.length === 0) return "found nothing like it";
  const more = names.length > NAMES_MAX ? ` and ${names.length - NAMES_MAX} more files` : "";
  return `found ${names.slice(0, NAMES_MAX).join(", ")}${more}`;
}
