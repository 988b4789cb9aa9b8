/**
 * Folders and archives in the form of an instructor's download.
 *
 * @module
 */

import { strToU8, zipSync } from "fflate";
import { join } from "node:path";
import { makeFolder } from "../../cli/folder_fixture.ts";
import { type FindOptions, findSubmissions, type Found } from "./find_submissions.ts";

/** The two files of a submission. */
export const BOTH = { "client.ts": "// client", "server.ts": "// server" };

/** Puts the path of a folder before the names of files. */
export function inside(
  folder: string,
  files: Record<string, string> = BOTH,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).map(([name, content]) => [`${folder}/${name}`, content]),
  );
}

/** Makes a zip file. */
export function zip(files: Record<string, string>): Uint8Array {
  return zipSync(
    Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])),
  );
}

/** Finds submissions in a folder with these files.
 *
 * @param look Looks at what is found.
 * @param options The paths that are named, a preparation of the folder, and options of the search. */
export async function find<T>(
  files: Record<string, string | Uint8Array>,
  look: (found: Found, place: string) => T | Promise<T>,
  { paths = ["class"], prepare = async () => {}, ...options }: Partial<FindOptions> & {
    paths?: string[];
    prepare?: (place: string) => Promise<void>;
  } = {},
): Promise<T> {
  await using folder = await makeFolder(files);
  const { path: place } = folder;
  await Deno.mkdir(`${place}/unpacked`);
  await prepare(place);
  const named = paths.map((path) => join(place, path));
  const unpackInto = () => Promise.resolve(`${place}/unpacked`);
  return await look(await findSubmissions(named, { unpackInto, ...options }), place);
}
