/**
 * The story of a page: a drawing, the same in words, and what is to be learned from it.
 *
 * All of it is HTML when the page is written, so that it can be read where no script
 * runs. The drawing has room for the ends of a long text; the words have room for more.
 *
 * @module
 */

import { cleanText, cutMiddle } from "../linearizability/mod.ts";
import type { PageNote, PageStory, PageStoryStep } from "./content.ts";
import { cutName, lengthFor } from "./cut.ts";
import { escapeHtml } from "./escape.ts";
import { noteList } from "./notes.ts";
import { drawSequence } from "./sequence.ts";

/** Writes a story as a section of the page that can be closed.
 *
 * @param story The story. Long texts are cut in the middle.
 * @param notes The notes on the run that the story was found in; they are folded up.
 * @returns The HTML.
 */
export function renderStory(story: PageStory, notes: readonly PageNote[]): string {
  const steps = story.steps.map((step) => shortened(step, lengthFor(story.steps.length)));
  const title = escapeHtml(cutName(story.title));
  const drawing = steps.length === 0
    ? ""
    : `<div>${drawSequence(story.columns.map(cutName), steps)}${lengthOf(steps)}</div>`;
  const words = steps.length === 0 ? "" : folded("The same in words", listOf(steps));
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

/** A drawing with this many steps may be higher than its window. */
const LONG_STEPS = 12;

/** The hint at what is beyond the edge of the drawing. */
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
