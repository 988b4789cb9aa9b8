/**
 * Unpacks what was handed in as an archive: a zip file, or a tar file with or without gzip.
 *
 * Only plain files come out of it, below the folder that they are unpacked into, and no more
 * than a class can need. Links and devices are left out.
 *
 * @module
 */

import { dirname, join, normalize } from "node:path";
import { gunzipSync, unzipSync } from "fflate";

/** Names of archives. */
const ARCHIVE = /\.(?:zip|tar|tgz|tar\.gz)$/i;

/** The number of bytes that an archive may hold in all, and of files. */
const BYTES_MAX = 256 * 1024 * 1024;
const FILES_MAX = 100_000;

/** Why an archive cannot be unpacked. */
export class ArchiveError extends Error {
  override readonly name = "ArchiveError";
}

/** Returns true if a file is an archive by its name. */
export function isArchive(name: string): boolean {
  return ARCHIVE.test(name);
}

/** The name of an archive without its ending. */
export function stemOf(name: string): string {
  return name.replace(ARCHIVE, "");
}

/** Unpacks an archive.
 *
 * @param file The archive.
 * @param folder Where to; it is made if it is not there.
 * @throws {ArchiveError} It cannot be read, or holds too much.
 */
export async function unpack(file: string, folder: string): Promise<void> {
  const files = filesOf(file, await Deno.readFile(file));
  await Deno.mkdir(folder, { recursive: true });
  for (const [name, bytes] of files) {
    const path = insidePath(name);
    if (path === undefined) continue;
    await Deno.mkdir(join(folder, dirname(path)), { recursive: true });
    await Deno.writeFile(join(folder, path), bytes);
  }
}

/** The path of an entry below the folder; nothing if it leads out of it. */
function insidePath(name: string): string | undefined {
  const path = normalize(name.replaceAll("\\", "/"));
  const isOutside = path.startsWith("/") || /^[a-z]:/i.test(path) ||
    /(?:^|\/)\.\.(?:\/|$)/.test(path);
  return isOutside || path.includes("\0") ? undefined : path;
}

function filesOf(file: string, bytes: Uint8Array): Map<string, Uint8Array> {
  try {
    if (/\.zip$/i.test(file)) return zipFiles(bytes);
    const files = tarFiles(inflated(bytes));
    checkSize(files.size, 0);
    return files;
  } catch (error) {
    if (error instanceof ArchiveError) throw error;
    throw new ArchiveError(`it cannot be read as an archive (${(error as Error).message})`);
  }
}

function zipFiles(bytes: Uint8Array): Map<string, Uint8Array> {
  let count = 0;
  let size = 0;
  const entries = unzipSync(bytes, {
    filter: ({ name, originalSize }) => {
      if (name.endsWith("/")) return false;
      checkSize(++count, size += originalSize);
      return true;
    },
  });
  return new Map(Object.entries(entries));
}

function checkSize(files: number, bytes: number): void {
  if (files <= FILES_MAX && bytes <= BYTES_MAX) return;
  const megabytes = BYTES_MAX / 1024 / 1024;
  throw new ArchiveError(`it holds more than ${FILES_MAX} files or ${megabytes} MB when unpacked`);
}

/** Takes gzip away, if there is any. */
function inflated(bytes: Uint8Array): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  // The last four bytes say how much comes out, modulo 2^32.
  const size = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 4).getUint32(0, true);
  checkSize(0, size);
  return gunzipSync(bytes, { out: new Uint8Array(size) });
}

const BLOCK_BYTES = 512;

/** Reads a tar file (POSIX ustar, with the long names of GNU and of pax). */
function tarFiles(bytes: Uint8Array): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  let longName: string | undefined;
  for (let at = 0; at + BLOCK_BYTES <= bytes.length;) {
    const header = bytes.subarray(at, at + BLOCK_BYTES);
    const name = textAt(header, 0, 100);
    const digits = textAt(header, 124, 12).trim();
    if (name === "" && digits === "") break;
    const size = parseInt(digits || "0", 8);
    if (!(size >= 0)) throw new ArchiveError("a size in it is no number");
    const end = at + BLOCK_BYTES + size;
    if (end > bytes.length) throw new ArchiveError("it ends in the middle of a file");
    const content = bytes.subarray(at + BLOCK_BYTES, end);
    const kind = String.fromCharCode(header[156]!);
    if (kind === "0" || kind === "\0") {
      const prefix = textAt(header, 257, 5) === "ustar" ? textAt(header, 345, 155) : "";
      files.set(longName ?? (prefix === "" ? name : `${prefix}/${name}`), content);
    }
    longName = kind === "L"
      ? textAt(content, 0, size)
      : kind === "x"
      ? /(?:^|\n)\d+ path=(.*)\n/.exec(new TextDecoder().decode(content))?.[1]
      : undefined;
    at += BLOCK_BYTES + Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES;
  }
  return files;
}

/** A text that ends at its first zero byte. */
function textAt(bytes: Uint8Array, from: number, length: number): string {
  return new TextDecoder().decode(bytes.subarray(from, from + length)).replace(/\0[^]*$/, "");
}
