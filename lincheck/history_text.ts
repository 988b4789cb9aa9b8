/**
 * The text of a history file: unpacked if it is gzip, by its first two bytes, and
 * decoded as UTF-8.
 *
 * Bytes that are not UTF-8 are refused. A decoder would otherwise replace them all by
 * one character, and two different keys could become one.
 *
 * @module
 */

import { HistoryFileError } from "../linearizability/mod.ts";

const GZIP_MAGIC = [0x1f, 0x8b];
const LINE_FEED = 0x0a;

/** Reads the text of a history file.
 *
 * @param bytes The file.
 * @returns The text, without a byte order mark.
 * @throws {HistoryFileError} The bytes are damaged gzip or not UTF-8.
 */
export async function historyText(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const isGzip = GZIP_MAGIC.every((byte, i) => bytes[i] === byte);
  return decode(isGzip ? await unpack(bytes) : bytes);
}

async function unpack(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  try {
    return await new Response(unpacked).bytes();
  } catch {
    throw new HistoryFileError("it begins like gzip but cannot be unpacked; is it complete?");
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    const line = lineOfBadBytes(bytes);
    if (line === undefined) throw new HistoryFileError("it is too long for one text; divide it");
    throw new HistoryFileError(`line ${line}: it is not UTF-8; convert the file to UTF-8`);
  }
}

/** No byte of a character of several bytes is a line feed, so each line can be tried. */
function lineOfBadBytes(bytes: Uint8Array): number | undefined {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const feed = bytes.indexOf(LINE_FEED, start);
    const end = feed < 0 ? bytes.length : feed + 1;
    try {
      decoder.decode(bytes.subarray(start, end));
    } catch {
      return line;
    }
    start = end;
  }
  return undefined;
}
