/**
 * `TextEncoder` and `TextDecoder` for UTF-8, the only encoding in a realm. Other polyfills need
 * them while they load.
 *
 * @module
 */

import { define } from "./platform.ts";

const REPLACEMENT = 0xfffd;
/** The smallest code point of a sequence by its number of bytes. */
const CODE_POINT_MIN = [0, 0, 0x80, 0x800, 0x10000];

class TextEncoder {
  readonly encoding = "utf-8";

  encode(text: unknown = ""): Uint8Array {
    const escaped = encodeURIComponent(String(text).toWellFormed());
    const bytes: number[] = [];
    for (let i = 0; i < escaped.length; i++) {
      if (escaped[i] !== "%") bytes.push(escaped.charCodeAt(i));
      else {
        bytes.push(parseInt(escaped.slice(i + 1, i + 3), 16));
        i += 2;
      }
    }
    return Uint8Array.from(bytes);
  }

  encodeInto(text: string, target: Uint8Array): { read: number; written: number } {
    let [read, written] = [0, 0];
    for (const character of text) {
      const bytes = this.encode(character);
      if (written + bytes.length > target.length) break;
      target.set(bytes, written);
      written += bytes.length;
      read += character.length;
    }
    return { read, written };
  }
}

class TextDecoder {
  readonly encoding = "utf-8";
  readonly fatal: boolean;
  readonly ignoreBOM: boolean;

  constructor(label = "utf-8", { fatal = false, ignoreBOM = false } = {}) {
    if (!/^\s*(?:utf-?8|unicode-1-1-utf-8)\s*$/i.test(label)) {
      throw new RangeError(`The encoding "${label}" is not available here; use utf-8`);
    }
    this.fatal = fatal;
    this.ignoreBOM = ignoreBOM;
  }

  decode(input: ArrayBuffer | ArrayBufferView = new Uint8Array()): string {
    const bytes = ArrayBuffer.isView(input)
      ? new Uint8Array(input.buffer, input.byteOffset, input.byteLength)
      : new Uint8Array(input);
    let text = "";
    for (let i = 0; i < bytes.length;) {
      const [codePoint, length] = decodeAt(bytes, i);
      if (codePoint === undefined && this.fatal) {
        throw new TypeError("The encoded data was not valid utf-8");
      }
      text += String.fromCodePoint(codePoint ?? REPLACEMENT);
      i += length;
    }
    return !this.ignoreBOM && text.startsWith("\ufeff") ? text.slice(1) : text;
  }
}

/** Decodes one code point.
 *
 * @returns The code point, or `undefined` for an invalid sequence, and its number of bytes. */
function decodeAt(bytes: Uint8Array, start: number): [number | undefined, number] {
  const first = bytes[start]!;
  if (first < 0x80) return [first, 1];
  const length = Math.clz32(~(first << 24));
  if (length < 2 || length > 4) return [undefined, 1];
  let codePoint = first & (0x7f >> length);
  for (let i = 1; i < length; i++) {
    const next = bytes[start + i];
    if (next === undefined || (next & 0xc0) !== 0x80) return [undefined, i];
    codePoint = (codePoint << 6) | (next & 0x3f);
    if (i === 1 && !isSecond(codePoint, length)) return [undefined, 1];
  }
  return [codePoint, length];
}

/** Returns true if the first bits of a sequence are valid: the sequence is not longer than its code
 * point needs, and the code point is neither a surrogate nor beyond Unicode. */
function isSecond(bits: number, length: number): boolean {
  const shift = 6 * (length - 2);
  const from = bits << shift;
  const to = from | ((1 << shift) - 1);
  return to >= CODE_POINT_MIN[length]! && from <= 0x10ffff && !(from >= 0xd800 && to <= 0xdfff);
}

define(globalThis, "TextEncoder", TextEncoder);
define(globalThis, "TextDecoder", TextDecoder);

export { TextDecoder, TextEncoder };
