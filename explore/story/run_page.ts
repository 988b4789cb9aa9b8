/**
 * The page of one run: its failure, its history, its messages and its faults.
 *
 * @module
 */

import type { RunSummary } from "../../config.ts";
import { check, type History, kv, type Operation } from "../../linearizability/mod.ts";
import { type ReplayTarget, shortName } from "../../testing/failure_report.ts";
import type { PageNote, PageStory } from "../../visualizer/mod.ts";
import { pageParts } from "../../visualizer/parts.ts";
import { faultsOf, messagesOf } from "../recording/messages.ts";
import type { SeedResult } from "../run/seed_run.ts";
import { explanationLines } from "./explanation.ts";
import { pageStory, type Story } from "./story.ts";

/** The number of configurations that the check for a page may keep. A page that comes soon is worth
 * an inconclusive verdict. */
const CONFIGURATIONS_MAX = 1_000_000;

type ThrownOperation = Operation & { readonly error?: string };

/** Returns the history of a run, which is empty if the run never ended. */
export function historyOf({ recording }: Pick<SeedResult, "recording">): History {
  return recording?.history ?? { model: "kv", operations: [] };
}

/** Returns a line with the digest and the size of a run. */
export function summaryText({ digest, events, virtualMs }: RunSummary): string {
  return `${digest}, ${events} events, ${virtualMs.toFixed(1)} ms of virtual time`;
}

/** Returns the title of the page of a run. */
export function titleOf({ name, seed, network }: ReplayTarget): string {
  return `${shortName(name)}, seed ${seed}${network === "hostile" ? ", hostile network" : ""}`;
}

/** Writes the page of a run.
 *
 * @param title Names the run.
 * @param message The whole report, if it failed.
 * @param explanation The smallest run that fails in the same way, if one was found.
 * @returns The HTML text.
 */
export async function renderRun(
  title: string,
  result: Pick<SeedResult, "summary" | "recording">,
  message: string | undefined,
  explanation: { readonly story: Story } | undefined,
): Promise<string> {
  // Older versions of Deno cannot load this module. The command has said so by now.
  const { renderPage } = await import("../../visualizer/mod.ts");
  const { summary, recording } = result;
  const notes = [
    { label: "Digest", text: summary && summaryText(summary) },
    { label: "Again", text: message && commandsIn(message) },
  ].filter((note): note is PageNote => Boolean(note.text));
  const story = explanation !== undefined
    ? pageStory(explanation.story)
    : message && storyOfReport(message);
  const checked = check(kv, operationsOf(result), {
    configurationsMax: CONFIGURATIONS_MAX,
  });
  return renderPage({
    title,
    notes,
    ...story && { story },
    parts: pageParts(kv, checked),
    ...recording && { faults: faultsOf(recording), messages: messagesOf(recording.entries) },
  });
}

/** Returns the operations of a run. One that threw has its error, and ends there. */
function operationsOf(result: Pick<SeedResult, "recording">): ThrownOperation[] {
  const ends = new Map(
    result.recording?.entries.flatMap((entry) => {
      if (!("event" in entry) || entry.event.kind !== "threw") return [];
      const { client, error } = entry.event;
      return [[client, { error, returnMs: entry.atMs }]];
    }),
  );
  return historyOf(result).operations.map((operation) => {
    return operation.return === null ? { ...operation, ...ends.get(operation.client) } : operation;
  });
}

/** A line of a report that names a command. */
const COMMAND = /^ {2}(?:story|replay|page): .*$/gm;

/** Returns the lines of a report that name commands. */
function commandsIn(report: string): string {
  return Array.from(report.matchAll(COMMAND), ([line]) => line.trim()).join("\n");
}

/** Turns a report into a story without a diagram, if no small run was found. */
function storyOfReport(report: string): PageStory {
  const [what = "", ...rows] = report.replaceAll(COMMAND, "").trim().split(/^ {2}(?=\w+: )/m);
  const notes = rows.map((row) => {
    const [, label = "", text = ""] = row.match(/^(\w+): *([^]*)$/)!;
    return {
      label: label[0]!.toUpperCase() + label.slice(1),
      text: text.trim().replaceAll(/\n +/g, "\n"),
    };
  });
  return {
    title: explanationLines(undefined).join("\n"),
    columns: [],
    steps: [],
    notes: [{ label: "Violated", text: what.trim() }, ...notes],
  };
}
