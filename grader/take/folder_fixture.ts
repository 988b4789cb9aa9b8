/**
 * Folders and archives as instructors download them, to find submissions in.
 *
 * @module
 */

import { strToU8, zipSync } from "fflate";
import { dirname, join } from "node:path";
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
 * @param look Returns something about them.
 * @param options The paths below the folder that are named, what happens before, and options. */
export async function find<T>(
  files: Record<string, string | Uint8Array>,
  look: (found: Found, place: string) => T | Promise<T>,
  { paths = ["class"], prepare = async () => {}, ...options }: Partial<FindOptions> & {
    paths?: string[];
    prepare?: (place: string) => Promise<void>;
  } = {},
): Promise<T> {
  const place = await Deno.makeTempDir({ prefix: "kvlab-" });
  try {
    await Deno.mkdir(`${place}/unpacked`);
    for (const [name, content] of Object.entries(files)) {
      await Deno.mkdir(join(place, dirname(name)), { recursive: true });
      const bytes = typeof content === "string" ? strToU8(content) : content;
      await Deno.writeFile(join(place, name), bytes);
    }
    await prepare(place);
    const named = paths.map((path) => join(place, path));
    const unpackInto = () => Promise.resolve(`${place}/unpacked`);
    return await look(await findSubmissions(named, { unpackInto, ...options }), place);
  } finally {
    await Deno.remove(place, { recursive: true });
  }
}
