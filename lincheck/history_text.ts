/**
 * Turns the bytes of a history file into text: unpacks gzip and decodes UTF-8.
 *
 * Bytes that are not UTF-8 are refused. A decoder would replace all of them by one character, and
 * two different keys could become one.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { HistoryFileError, NO_TIME } from "../linearizability/mod.ts";

const GZIP_MAGIC = [0x1f, 0x8b];
const LINE_FEED = 0x0a;
/** A slice of gzip unpacks to at most a thousand times as much. */
const SLICE_BYTES = 16_384;

/** The length of the longest text that the runtime can hold, in characters. */
const LENGTH_MAX = 2 ** 29 - 24;
const TOO_LONG = `it has more than ${Math.floor(LENGTH_MAX / 1e6)} million characters; divide it`;

/** Returns the text of a history file, without a byte order mark.
 *
 * @param isOver Returns true if time is over.
 * @throws {HistoryFileError} The bytes are damaged gzip, not UTF-8 or too many, or time ran out.
 */
export async function historyText(
  bytes: Uint8Array<ArrayBuffer>,
  isOver?: () => boolean,
): Promise<string> {
  const isGzip = GZIP_MAGIC.every((byte, i) => bytes[i] === byte);
  const unpacked = isGzip ? await unpack(bytes, isOver) : bytes;
  if (unpacked.length > LENGTH_MAX) throw new HistoryFileError(TOO_LONG);
  const text = decode(unpacked);
  if (text !== undefined) return text;
  // No character of several bytes contains a line feed, so each line can be decoded alone.
  let line = 1;
  for (let start = 0; start < unpacked.length; line++) {
    const end = 1 + unpacked.indexOf(LINE_FEED, start) || unpacked.length;
    if (decode(unpacked.subarray(start, end)) === undefined) break;
    start = end;
  }
  throw new HistoryFileError(`line ${line}: it is not UTF-8; convert the file to UTF-8`);
}

/** @returns `undefined` if the bytes are not UTF-8. */
function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

async function unpack(
  bytes: Uint8Array<ArrayBuffer>,
  isOver: (() => boolean) | undefined,
): Promise<Uint8Array> {
  const unpacked = ReadableStream.from(slices(bytes)).pipeThrough(new DecompressionStream("gzip"));
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of unpacked) {
      if (isOver?.() === true) throw new HistoryFileError(NO_TIME);
      length += chunk.length;
      // A small file may unpack to one that fills memory.
      if (length > LENGTH_MAX) throw new HistoryFileError(TOO_LONG);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof HistoryFileError) throw error;
    throw new HistoryFileError("it begins like gzip but cannot be unpacked; is it complete?");
  }
  return Buffer.concat(chunks, length);
}

/** Yields the bytes in slices, because the decompressor unpacks each chunk as a whole. */
function* slices(bytes: Uint8Array<ArrayBuffer>): Generator<Uint8Array<ArrayBuffer>> {
  for (let at = 0; at < bytes.length; at += SLICE_BYTES) yield bytes.subarray(at, at + SLICE_BYTES);
}
