/**
 * Notes as HTML.
 *
 * @module
 */

import { cleanText, cutMiddle } from "../linearizability/mod.ts";
import type { PageNote } from "./content.ts";
import { cutName } from "./cut.ts";
import { escapeHtml } from "./escape.ts";

const NOTE_LENGTH_MAX = 4_000;

/** Writes notes as a list.
 *
 * @returns The HTML; empty if there are none.
 */
export function noteList(notes: readonly PageNote[]): string {
  if (notes.length === 0) return "";
  const rows = notes.map(({ label, text }) => {
    const shown = cleanText(cutMiddle(text, NOTE_LENGTH_MAX));
    return `<dt>${escapeHtml(cutName(label))}</dt><dd>${escapeHtml(shown)}</dd>`;
  });
  return `<dl class="notes">${rows.join("")}</dl>`;
}
