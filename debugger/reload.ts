/**
 * The difference between two runs of one schedule, with the code before and after a change.
 *
 * @module
 */

import type { MessageOf, Reloaded } from "./protocol.ts";

/** Compares two performances of one schedule. */
export function compare(
  before: MessageOf<"run">,
  after: MessageOf<"run">,
): Omit<Reloaded, "files"> {
  const lineOf = ({ steps }: MessageOf<"run">, place: number) => {
    const step = steps[place];
    return step && `${step.text}, at ${step.atMs.toFixed(1)} ms`;
  };
  let same = 0;
  while (
    same < Math.min(before.steps.length, after.steps.length) &&
    lineOf(before, same) === lineOf(after, same)
  ) same++;
  const isSame = same === before.steps.length && same === after.steps.length;
  const ended = "Nothing more happens";
  return {
    sentence: sentenceOf(before, after, isSame),
    sameUntil: same,
    ...isSame ? {} : { before: lineOf(before, same) ?? ended, now: lineOf(after, same) ?? ended },
    failsNow: hasFailed(after),
  };
}

function hasFailed({ failure, trouble }: MessageOf<"run">): boolean {
  return failure !== undefined || trouble !== undefined;
}

function sentenceOf(before: MessageOf<"run">, after: MessageOf<"run">, isSame: boolean): string {
  const failedBefore = hasFailed(before);
  const { trouble, failure } = after;
  const start = `This schedule ${failedBefore ? "still fails" : "fails now"}`;
  // The page shows trouble in its own banner.
  if (trouble !== undefined) return `${start}.`;
  if (failure !== undefined) return `${start}: ${failure.violation.what}`;
  if (failedBefore) return "This schedule does not fail any more.";
  if (isSame) return "The new code takes the same steps in this schedule.";
  return "This schedule does not fail, but takes other steps.";
}
