/**
 * Writes the page: one HTML file that works from disk and uses no network.
 *
 * No text of the content is parsed as markup. In the HTML, text is escaped. The script reads
 * the content as packed JSON from an element that does not run, and shows it as text. As a
 * second defense, the policy of the page allows only the script whose hash it names, and
 * loads nothing.
 *
 * @module
 */

import { hash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { cleanText, cutMiddle } from "../linearizability/mod.ts";
import layout from "./browser/page.css" with { type: "text" };
import template from "./browser/page.html" with { type: "text" };
import theme from "./browser/theme.css" with { type: "text" };
import type { PageContent, PagePart } from "./content.ts";
import { cutName, lengthFor } from "./cut.ts";
import { escapeHtml } from "./escape.ts";
import { pageScript } from "./script.ts";
import { noteList, renderStory } from "./story.ts";

const style = `${theme}\n${layout}`;

const VERDICTS = ["not linearizable", "inconclusive", "linearizable"] as const;

/** Returns the page as HTML. Needs the permission to read the modules of the page.
 *
 * @param content The content. Long texts are cut in the middle.
 *
 * @example A page for a history
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * import { check, kv } from "../linearizability/mod.ts";
 * import { pageParts, renderPage } from "./mod.ts";
 *
 * const result = check(kv, [
 *   { client: 0, op: "put", key: "k", value: "a", call: 0, return: 1 },
 *   { client: 1, op: "get", key: "k", output: "", call: 2, return: 3 },
 * ]);
 * const page = renderPage({ title: "Two operations", parts: pageParts(kv, result) });
 * assertStringIncludes(page, "<title>Two operations</title>");
 * ```
 */
export function renderPage(content: PageContent): string {
  const { notes = [], story } = content;
  const shown = shortened(content);
  const { title, parts } = shown;
  const script = pageScript();
  const data = gzipSync(JSON.stringify(shown, rounded)).toString("base64");
  const slots: Record<string, string> = {
    policy: `default-src 'none'; script-src ${hashOf(script)}; style-src ${hashOf(style)}`,
    title: escapeHtml(title),
    style: `<style>${style}</style>`,
    overall: parts.length > 1 ? `<p>${overall(parts)}</p>` : "",
    // With a story, the notes are folded up beside it.
    notes: story === undefined ? noteList(notes) : "",
    story: story === undefined ? "" : renderStory(story, notes),
    data: `<script type="application/gzip" id="data">${data}</script>`,
    script: `<script type="module">${script}</script>`,
  };
  return template.replace(/\{\{ (\w+) \}\}/g, (_, slot) => slots[slot]!);
}

function shortened({ title, parts, faults = [], messages = [] }: PageContent) {
  const lengthMax = lengthFor(messages.length);
  const cut = (text: string) => cleanText(cutMiddle(text, lengthMax));
  return {
    title: cutName(title),
    parts: parts.toSorted((a, b) => VERDICTS.indexOf(a.verdict) - VERDICTS.indexOf(b.verdict)),
    faults: faults.map((fault) => ({ ...fault, server: cutName(fault.server) })),
    messages: messages.map(({ args, reply, ...message }) => ({
      ...message,
      from: cutName(message.from),
      to: cutName(message.to),
      method: cutName(message.method),
      ...args === undefined ? {} : { args: cut(args) },
      ...reply === undefined ? {} : { reply: cut(reply) },
    })),
  };
}

/** Times are rounded to 1/1000 ms. Rounding never reverses an order. */
const PRECISION = 1_000;

function rounded(_: string, value: unknown): unknown {
  return typeof value === "number" ? Math.round(value * PRECISION) / PRECISION : value;
}

function overall(parts: readonly PagePart[]): string {
  const counts = VERDICTS.map((verdict) => {
    return [verdict, parts.filter((part) => part.verdict === verdict).length] as const;
  });
  const keys = (count: number) =>
    `${count.toLocaleString("en")} ${count === 1 ? "key is" : "keys are"}`;
  return counts.filter(([, count]) => count > 0)
    .map(([verdict, count]) => `${keys(count)} ${verdict}`).join(", ");
}

function hashOf(text: string): string {
  return `'sha256-${hash("sha256", text, "base64")}'`;
}
