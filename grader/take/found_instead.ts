/**
 * Tells what a folder holds in place of a missing file, so that an instructor need not open it.
 *
 * @module
 */

import { nameList } from "../../cli/mod.ts";
import { levelsOf } from "./locate.ts";

/** Names of other files that may hold a solution. */
const TELLING = /\.(?:zip|tar|tgz|gz|7z|rar|py|go|java|js|mjs|ts|tsx|pdf|docx?|txt|md)$/i;

/** Returns what a folder holds in place of a file, in words, for example
 * `found lab/client.ts; --root=lab grades that folder`.
 *
 * @param folder The folder.
 * @param file The name of the file that is not in it.
 */
export async function foundInstead(folder: string, file: string): Promise<string> {
  const names: string[] = [];
  for await (const level of levelsOf(folder)) {
    for (const { path, entries } of level) {
      for (const { name } of entries.filter(({ isDirectory }) => !isDirectory)) {
        const place = path === "" ? name : `${path}/${name}`;
        if (path !== "" && name === file) {
          return `found ${place}; --root=${path} grades that folder`;
        }
        if (name.toLowerCase() === file) return `found ${place}, which differs only in case`;
        if (path === "" && TELLING.test(name)) names.push(name);
      }
    }
  }
  return names.length === 0 ? "found nothing like it" : `found ${nameList(names)}`;
}
