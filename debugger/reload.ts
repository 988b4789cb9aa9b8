/**
 * What other code does otherwise in the same schedule.
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
  const failedBefore = hasFailed(before);
  const failsNow = hasFailed(after);
  const isSame = same === before.steps.length && same === after.steps.length;
  const ended = "Nothing more happens";
  return {
    sentence: sentenceOf(failedBefore, failsNow, isSame, after),
    sameUntil: same,
    ...isSame ? {} : { before: lineOf(before, same) ?? ended, now: lineOf(after, same) ?? ended },
    failedBefore,
    failsNow,
  };
}

function hasFailed({ failure, trouble }: MessageOf<"run">): boolean {
  return failure !== undefined || trouble !== undefined;
}

function sentenceOf(
  failedBefore: boolean,
  failsNow: boolean,
  isSame: boolean,
  { trouble, failure }: MessageOf<"run">,
): string {
  if (failedBefore && !failsNow) return "This schedule does not fail any more.";
  if (failsNow) {
    const what = failure?.violation.what ?? trouble?.what;
    return `This schedule ${failedBefore ? "still fails" : "fails now"}: ${what}`;
  }
  if (isSame) return "The new code takes the same steps in this schedule.";
  return "This schedule does not fail, and takes other steps.";
}
