/**
 * The page of one run: its history, its messages and its faults, and what it failed
 * with.
 *
 * @module
 */

import { check, type History, kv } from "../linearizability/mod.ts";
import { type ReplayTarget, shortName } from "../testing/failure_report.ts";
import { type PageNote, pageParts, renderPage } from "../visualizer/mod.ts";
import { faultsOf, messagesOf } from "./messages.ts";
import { failureText, type SeedResult } from "./seed_run.ts";
import { pageStory, type Story } from "./story.ts";

/** How many configurations a check for the page may keep: what it shows must come soon,
 * and may be inconclusive. */
const CONFIGURATIONS_MAX = 1_000_000;

/** The history of a run; empty if the run never came to its end. */
export function historyOf({ recording }: SeedResult): History {
  return recording?.history ?? { model: "kv", operations: [] };
}

/** Makes the page of a run.
 *
 * @param target Which run it was.
 * @param story The smallest run that fails in the same way.
 * @returns The HTML text.
 */
export function renderRun(target: ReplayTarget, result: SeedResult, story?: Story): string {
  const { failure, summary, recording } = result;
  const notes: PageNote[] = [];
  if (failure !== undefined) notes.push({ label: "Failed", text: failureText(failure, target) });
  if (summary !== undefined) {
    const { digest, events, virtualMs } = summary;
    const text = `${digest}, ${events} events, ${virtualMs.toFixed(1)} ms of virtual time`;
    notes.push({ label: "Digest", text });
  }
  const checked = check(kv, historyOf(result).operations, {
    configurationsMax: CONFIGURATIONS_MAX,
  });
  const network = target.network === "hostile" ? ", hostile network" : "";
  return renderPage({
    title: `${shortName(target.name)}, seed ${target.seed}${network}`,
    notes,
    ...story && { story: pageStory(story) },
    parts: pageParts(kv, checked),
    ...recording === undefined
      ? {}
      : { faults: faultsOf(recording), messages: messagesOf(recording.entries) },
  });
}
