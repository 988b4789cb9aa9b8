/**
 * Unpacks an archive: a zip file, or a tar file with or without gzip.
 *
 * Only plain files are unpacked, inside the given folder, up to a limit. Links, devices and paths
 * that lead out of the folder are left out.
 *
 * @module
 */

import { basename, dirname, join, normalize } from "node:path";
import { gunzipSync, unzipSync } from "fflate";
import { unpackTar } from "modern-tar";

/** The names of archives that are unpacked, and of all archives. */
const READABLE = /\.(?:zip|tar|tgz|tar\.gz)$/i;
const ARCHIVE = /\.(?:zip|tar|tgz|tar\.(?:gz|xz|bz2|zst)|rar|7z)$/i;

/** The limits of an archive when it is unpacked. */
const BYTES_MAX = 256 * 1024 * 1024;
const FILES_MAX = 100_000;

/** The reason that an archive cannot be unpacked; the message begins with its name. */
export class ArchiveError extends Error {
  override readonly name = "ArchiveError";
}

/** Returns true if a name is that of an archive. */
export function isArchive(name: string): boolean {
  return ARCHIVE.test(name);
}

/** Returns the name of an archive without its extension. */
export function stemOf(name: string): string {
  return name.replace(ARCHIVE, "");
}

/** Unpacks an archive.
 *
 * @param file The archive.
 * @param folder The folder to unpack into, which exists.
 * @throws {ArchiveError} The archive is damaged, holds too much, or is of another kind.
 */
export async function unpack(file: string, folder: string): Promise<void> {
  if (!READABLE.test(file)) {
    const expected = "expected .zip, .tar, .tar.gz or .tgz";
    throw new ArchiveError(`${basename(file)} cannot be unpacked; ${expected}`);
  }
  const bytes = await Deno.readFile(file);
  let files: [name: string, bytes: Uint8Array][];
  try {
    files = /\.zip$/i.test(file) ? zipFiles(bytes) : await tarFiles(bytes);
  } catch (error) {
    const message = (error as Error).message.replace(/\.$/, "");
    const why = error instanceof RangeError ? message : `cannot be read as an archive (${message})`;
    throw new ArchiveError(`${basename(file)} ${why}`);
  }
  for (const [name, bytes] of files) {
    const path = insidePath(name);
    if (path === undefined) continue;
    await Deno.mkdir(join(folder, dirname(path)), { recursive: true });
    await Deno.writeFile(join(folder, path), bytes);
  }
}

/** Returns the path of an entry inside the folder; `undefined` if it leads out of it. */
function insidePath(name: string): string | undefined {
  const path = normalize(name.replaceAll("\\", "/"));
  const isOutside = path.startsWith("/") || /^[a-z]:/i.test(path) ||
    /(?:^|\/)\.\.(?:\/|$)/.test(path);
  return isOutside || path.includes("\0") ? undefined : path;
}

function zipFiles(bytes: Uint8Array): [string, Uint8Array][] {
  let count = 0;
  let size = 0;
  const entries = unzipSync(bytes, {
    filter: ({ name, originalSize }) => {
      if (name.endsWith("/")) return false;
      checkSize(++count, size += originalSize);
      return true;
    },
  });
  return Object.entries(entries);
}

async function tarFiles(bytes: Uint8Array): Promise<[string, Uint8Array][]> {
  let count = 0;
  const entries = await unpackTar(inflated(bytes), {
    strict: true,
    filter: ({ type }) => {
      if (type !== "file") return false;
      checkSize(++count, 0);
      return true;
    },
  });
  return entries.map(({ header, data }) => [header.name, data!]);
}

/** Returns the bytes without gzip. */
function inflated(bytes: Uint8Array): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  // The last four bytes hold the size of the content, modulo 2^32.
  const size = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 4).getUint32(0, true);
  checkSize(0, size);
  return gunzipSync(bytes, { out: new Uint8Array(size) });
}

function checkSize(files: number, bytes: number): void {
  if (files <= FILES_MAX && bytes <= BYTES_MAX) return;
  const megabytes = BYTES_MAX / 1024 / 1024;
  throw new RangeError(`holds more than ${FILES_MAX} files or ${megabytes} MB when unpacked`);
}
