/**
 * The text of a history file: unpacked if it is gzip, by its first two bytes, and
 * decoded as UTF-8.
 *
 * Bytes that are not UTF-8 are refused. A decoder would otherwise replace them all by
 * one character, and two different keys could become one.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { HistoryFileError, NO_TIME } from "../linearizability/mod.ts";

const GZIP_MAGIC = [0x1f, 0x8b];
const LINE_FEED = 0x0a;
/** A slice of gzip unpacks to at most a thousand times as much. */
const SLICE_BYTES = 16_384;

/** The longest text that the runtime can hold, in characters. */
const LENGTH_MAX = 2 ** 29 - 24;
const TOO_LONG = `it has more than ${Math.floor(LENGTH_MAX / 1e6)} million characters; divide it`;

/** Reads the text of a history file.
 *
 * @param bytes The file.
 * @param isOver Asked now and then whether to stop.
 * @returns The text, without a byte order mark.
 * @throws {HistoryFileError} The bytes are damaged gzip or not UTF-8, or too many, or there
 * was no time.
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
  // No byte of a character of several bytes is a line feed, so each line can be tried.
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
      // A small file may unpack to one that fills the memory.
      if (length > LENGTH_MAX) throw new HistoryFileError(TOO_LONG);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof HistoryFileError) throw error;
    throw new HistoryFileError("it begins like gzip but cannot be unpacked; is it complete?");
  }
  return Buffer.concat(chunks, length);
}

/** Gives the bytes bit by bit, since what unpacks them takes in all that it gets at once. */
function* slices(bytes: Uint8Array<ArrayBuffer>): Generator<Uint8Array<ArrayBuffer>> {
  for (let at = 0; at < bytes.length; at += SLICE_BYTES) yield bytes.subarray(at, at + SLICE_BYTES);
}
