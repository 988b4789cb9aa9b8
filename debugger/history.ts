/**
 * The history of a branch, for the checker.
 *
 * @module
 */

import type { History, Operation } from "../linearizability/mod.ts";
import { FirstViolation } from "./inside/first_violation.ts";
import { Situation } from "./situation.ts";
import type { Timeline } from "./timeline.ts";

/** Returns the history of a timeline.
 *
 * @param situation The situation at its end. */
export function historyOf(timeline: Timeline, { operations }: Situation): History {
  const ends = new Map<number, number>();
  let count = 0;
  timeline.steps.forEach(({ event }, i) => {
    if (event.kind === "called" || event.kind === "returned") ends.set(i + 1, count++);
  });
  return {
    model: "kv",
    operations: operations.map((operation): Operation => {
      const { clerk: client, op, key, value, called, returned, output } = operation;
      return {
        client,
        op,
        key,
        ...value === undefined ? {} : { value },
        ...output === undefined || output === null ? {} : { output },
        call: ends.get(called)!,
        return: returned === undefined ? null : ends.get(returned)!,
        callMs: timeline.atMs(called),
        returnMs: returned === undefined ? null : timeline.atMs(returned),
      };
    }),
  };
}

/** Judges the steps of a performance that did not end.
 *
 * @returns The first position at which its history is not linearizable, and why. */
export function firstViolationIn(
  timeline: Timeline,
  cluster: { nservers: number; nreplicas: number },
): ReturnType<FirstViolation["find"]> {
  const judge = new FirstViolation(cluster);
  timeline.steps.forEach(({ event, atMs }, place) => {
    if (event.kind !== "timer") judge.record(event, atMs, undefined, place + 1);
  });
  return judge.find(historyOf(timeline, new Situation(timeline, timeline.end)));
}
