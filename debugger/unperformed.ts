/**
 * Finds decisions of a schedule that never apply with this code, for example about a retry that
 * is never sent.
 *
 * @module
 */

import { isOperation } from "../explore/counterexample/schedule.ts";
import { showCall } from "../testing/failure_report.ts";
import { serverName } from "../testing/names.ts";
import type { Branch } from "./branch.ts";

/** Describes the first part of a schedule that was not performed.
 *
 * @returns `undefined` if all of it was, or if the run ended early. */
export function unperformedText(branch: Branch): string | undefined {
  if (branch.hasEnded) return undefined;
  const { schedule, timeline } = branch;
  const { operations, requests } = branch.situation(timeline.end);
  const sent = [...requests.values()].filter(({ copyOf }) => copyOf === undefined);
  const begun = new Map<number, number>();
  for (const step of schedule.steps.filter(isOperation)) {
    const place = begun.get(step.clerk) ?? 0;
    begun.set(step.clerk, place + 1);
    const decided = (step.requests ?? []).findLastIndex((delivery) => delivery !== null) + 1;
    const found = operations.find((each) => each.clerk === step.clerk && each.place === place);
    if (found === undefined) continue;
    const count = sent.filter(({ operation, handled }) => {
      return handled === undefined && operation === found.number;
    }).length;
    if (decided > count) return `${showCall(found)} sends ${requestsText(count, decided)}`;
  }
  for (const { from, to, index = -1 } of schedule.forwards ?? []) {
    const [sender, server] = [serverName(from), serverName(to)];
    const count = sent.filter((each) => each.from === sender && each.to === server).length;
    if (index >= count) return `${sender} to ${server} sends ${requestsText(count, index + 1)}`;
  }
  return undefined;
}

function requestsText(count: number, decided: number): string {
  return `${count} ${count === 1 ? "request" : "requests"}, not ${decided}`;
}
