/**
 * The story of a page: a sequence diagram, the notes beside it, and the steps in words.
 *
 * It is static HTML, so that it shows if scripts do not run. The diagram cuts long texts; the
 * words show more of them.
 *
 * @module
 */

import { cleanText, cutMiddle } from "../linearizability/mod.ts";
import type { PageNote, PageStory, PageStoryStep } from "./content.ts";
import { cutName, lengthFor } from "./cut.ts";
import { escapeHtml } from "./escape.ts";
import { drawSequence } from "./sequence.ts";

const NOTE_LENGTH_MAX = 4_000;

/** Returns a story as a section of the page that can be closed.
 *
 * @param story The story. Long texts are cut in the middle.
 * @param notes Notes about the original run, which are folded up.
 * @returns The HTML.
 */
export function renderStory(story: PageStory, notes: readonly PageNote[]): string {
  const steps = story.steps.map((step) => shortened(step, lengthFor(story.steps.length)));
  const title = escapeHtml(cutName(story.title));
  const drawing = steps.length === 0
    ? ""
    : `<div>${drawSequence(story.columns.map(cutName), steps)}${lengthOf(steps)}</div>`;
  const words = steps.length === 0 ? "" : folded("The steps in words", listOf(steps));
  const about = notes.length === 0 ? "" : folded("About the run below", noteList(notes));
  return `<section id="story" aria-labelledby="story-title"><details open>` +
    `<summary><h2 id="story-title">${title}</h2></summary>` +
    `<div class="told">${drawing}<div>${noteList(story.notes)}${words}${about}</div></div>` +
    `</details></section>`;
}

function shortened(step: PageStoryStep, lengthMax: number): PageStoryStep {
  const text = cleanText(cutMiddle(step.text, lengthMax));
  return step.kind === "note"
    ? { ...step, text, at: cutName(step.at) }
    : { ...step, text, from: cutName(step.from), to: cutName(step.to) };
}

/** Diagrams with this many steps may be higher than their box. */
const LONG_STEPS = 12;

/** Returns a hint that the diagram scrolls. */
function lengthOf(steps: readonly PageStoryStep[]): string {
  if (steps.length < LONG_STEPS) return "";
  return `<p class="more">${steps.length} steps up to ${steps.at(-1)!.atMs.toFixed(1)} ms; ` +
    `scroll in the drawing to see those that do not fit</p>`;
}

function folded(summary: string, content: string): string {
  return `<details><summary>${summary}</summary>${content}</details>`;
}

function listOf(steps: readonly PageStoryStep[]): string {
  const items = steps.map((step) => `<li>${escapeHtml(inWords(step))}</li>`);
  return `<ol>${items.join("")}</ol>`;
}

function inWords(step: PageStoryStep): string {
  const who = step.kind === "note"
    ? step.at
    : `${step.from} to ${step.to}${step.isLost ? ", lost" : ""}`;
  return `${step.atMs.toFixed(1)} ms, ${who}: ${step.text}`;
}

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
