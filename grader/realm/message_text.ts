/**
 * Messages between realms, with the JSON text that crosses the boundary.
 *
 * @module
 */

import { MessageError, pack, type Packed } from "../../labrpc/message.ts";
import type { PackedText } from "./inside/boundary.ts";

/** The key under which a message carries its JSON text, to save a second encoding. */
const TEXT = Symbol("text");

type Carrier = { [TEXT]?: string } | null;

/** Decodes a message. */
export function messageOf(text: string): unknown {
  const message: unknown = JSON.parse(text);
  if (typeof message === "object" && message !== null) (message as Carrier)![TEXT] = text;
  return message;
}

/** Returns the JSON text of a message. */
export function textOf(message: unknown): string {
  return (message as Carrier)?.[TEXT] ?? JSON.stringify(message);
}

/** Sends a message across the wire. The result of {@linkcode messageOf} never changes, so it is not
 * cloned.
 *
 * @throws {MessageError} The message cannot be sent.
 */
export function packMessage(message: unknown): Packed {
  const packed = pack(message);
  const hasText = (message as Carrier | undefined)?.[TEXT] !== undefined;
  return hasText ? { ...packed, value: message } : packed;
}

/** Returns a message that a realm packed.
 *
 * @param text The JSON text of a `PackedText`.
 * @throws {MessageError} The realm refused the message.
 */
export function unpacked(text: string): Packed {
  const packed = JSON.parse(text) as PackedText;
  if ("problem" in packed) throw new MessageError(packed.problem);
  return { value: JSON.parse(packed.text), bytes: packed.bytes, content: packed.content };
}
