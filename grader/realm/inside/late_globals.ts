/**
 * The script "platform" of a realm: globals that few submissions use, from maintained polyfills.
 *
 * @module
 */

import { TextDecoder, TextEncoder } from "./text_coding.ts";
import structuredClone from "@ungap/structured-clone";
import { Event, EventTarget } from "event-target-shim";
import { URL, URLSearchParams } from "whatwg-url";
import { AbortController, AbortSignal } from "./abort.ts";
import { DOMException } from "./dom_exception.ts";
import type { LATE_NAMES } from "./platform.ts";

class CustomEvent extends Event {
  readonly detail: unknown;

  constructor(type: string, init: EventInit & { detail?: unknown } = {}) {
    super(type, init);
    this.detail = init.detail ?? null;
  }
}

function btoa(data: unknown): string {
  const bytes = Uint8Array.from(String(data), (character) => {
    const code = character.codePointAt(0)!;
    if (code > 255) throw new DOMException("Expected Latin1", "InvalidCharacterError");
    return code;
  });
  return bytes.toBase64();
}

function atob(data: unknown): string {
  try {
    return String.fromCharCode(...Uint8Array.fromBase64(String(data)));
  } catch {
    throw new DOMException("Expected base64", "InvalidCharacterError");
  }
}

export const made: Record<typeof LATE_NAMES[number], unknown> = {
  AbortController,
  AbortSignal,
  CustomEvent,
  DOMException,
  Event,
  EventTarget,
  TextDecoder,
  TextEncoder,
  URL,
  URLSearchParams,
  atob,
  btoa,
  structuredClone,
};
