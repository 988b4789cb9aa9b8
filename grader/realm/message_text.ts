/**
 * Messages on their way from one realm to another, with the JSON text that crosses.
 *
 * Clerks and servers repeat requests and replies, so what was found out about a text is kept
 * for a while.
 *
 * @module
 */

import { MessageError, pack, type Packed } from "../../labrpc/message.ts";
import type { PackedText } from "./inside/boundary.ts";
import { RecentTexts } from "./inside/recent_texts.ts";

/** The key under which a message carries its JSON text, which would have to be made again
 * otherwise. */
const TEXT = Symbol("text");

type Carrier = { [TEXT]?: string } | null;

/** The size and the hash of a message. */
type Measures = Omit<Packed, "value">;

/** They depend on the text alone, so that all submissions may share them. */
const measures = new RecentTexts<Measures>();

/** Makes a message of its JSON text. */
export function messageOf(text: string): unknown {
  const message: unknown = JSON.parse(text);
  if (typeof message === "object" && message !== null) (message as Carrier)![TEXT] = text;
  return message;
}

/** Returns the JSON text of a message. */
export function textOf(message: unknown): string {
  return (message as Carrier)?.[TEXT] ?? JSON.stringify(message);
}

/** Takes a message across the wire. Nobody changes what {@linkcode messageOf} made, so that
 * needs no copy.
 *
 * @throws {MessageError} It cannot be sent.
 */
export function packMessage(message: unknown): Packed {
  const text = (message as Carrier | undefined)?.[TEXT];
  if (text === undefined) return pack(message);
  let known = measures.get(text);
  if (known === undefined) {
    const { bytes, content } = pack(message);
    measures.set(text, known = { bytes, content });
  }
  return { value: message, bytes: known.bytes, content: known.content };
}

/** Takes a message as a realm packed it.
 *
 * @param text The JSON text of a `PackedText`.
 * @throws {MessageError} The realm refused it.
 */
export function unpacked(text: string): Packed {
  const packed = JSON.parse(text) as PackedText;
  if ("problem" in packed) throw new MessageError(packed.problem);
  return { value: JSON.parse(packed.text), bytes: packed.bytes, content: packed.content };
}
