/**
 * The page of one run: its history, its messages and its faults, and what it failed
 * with.
 *
 * @module
 */

import type { RunSummary } from "../../config.ts";
import { check, type History, kv } from "../../linearizability/mod.ts";
import { type ReplayTarget, shortName } from "../../testing/failure_report.ts";
import type { PageNote } from "../../visualizer/mod.ts";
import { pageParts } from "../../visualizer/parts.ts";
import { faultsOf, messagesOf } from "../recording/messages.ts";
import type { SeedResult } from "../run/seed_run.ts";
import { pageStory, type Story } from "./story.ts";

/** The number of configurations that a check for the page may keep. The page must come soon, and
 * its verdict may be inconclusive. */
const CONFIGURATIONS_MAX = 1_000_000;

/** The history of a run; empty if the run never came to its end. */
export function historyOf({ recording }: Pick<SeedResult, "recording">): History {
  return recording?.history ?? { model: "kv", operations: [] };
}

/** Says what a run came to, in one line that begins with its digest. */
export function summaryText({ digest, events, virtualMs }: RunSummary): string {
  return `${digest}, ${events} events, ${virtualMs.toFixed(1)} ms of virtual time`;
}

/** Returns the title of the page of a run. */
export function titleOf({ name, seed, network }: ReplayTarget): string {
  return `${shortName(name)}, seed ${seed}${network === "hostile" ? ", hostile network" : ""}`;
}

/** Why a run failed. */
export interface PageFailure {
  /** The whole report. */
  message: string | undefined;
  /** The smallest run that fails in the same way. */
  explanation: { readonly story: Story } | undefined;
}

/** Makes the page of a run.
 *
 * @param title Names the run.
 * @returns The HTML text.
 */
export async function renderRun(
  title: string,
  result: Pick<SeedResult, "summary" | "recording">,
  { message, explanation }: PageFailure,
): Promise<string> {
  // Older versions of Deno cannot load it: the command has said so by now.
  const { renderPage } = await import("../../visualizer/mod.ts");
  const { summary, recording } = result;
  const notes: PageNote[] = [];
  if (message !== undefined && explanation === undefined) {
    notes.push({ label: "Failed", text: message });
  }
  if (summary !== undefined) notes.push({ label: "Digest", text: summaryText(summary) });
  if (message !== undefined && explanation !== undefined) {
    // The story says the rest.
    notes.push({ label: "Again", text: commandsIn(message) });
  }
  const checked = check(kv, historyOf(result).operations, {
    configurationsMax: CONFIGURATIONS_MAX,
  });
  return renderPage({
    title,
    notes,
    ...explanation && { story: pageStory(explanation.story) },
    parts: pageParts(kv, checked),
    ...recording === undefined
      ? {}
      : { faults: faultsOf(recording), messages: messagesOf(recording.entries) },
  });
}

/** Returns the lines of a report that name commands. */
function commandsIn(report: string): string {
  return Array.from(report.matchAll(/^ {2}((?:story|replay|page): .*)$/gm), ([, line]) => line)
    .join("\n");
}
