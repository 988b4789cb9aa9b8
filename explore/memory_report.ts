/**
 * What servers keep of clerks that have gone on, in words.
 *
 * @module
 */

import { type Retained, retainedHint, retainedLine } from "./memory.ts";
import type { MemoryWorkerMessage } from "./_memory_worker.ts";
import { Child } from "./child.ts";

/** How long measuring may take, in real milliseconds. */
const DEADLINE_MS = 10_000;

/** Measures what the servers of a submission keep.
 *
 * @param lab The folder of the lab, or of a copy with a submission in it; ends in a slash.
 * @returns `undefined` if the submission does not get that far.
 */
export async function retainedBy(lab: URL): Promise<Retained[] | undefined> {
  const { promise, resolve } = Promise.withResolvers<Retained[] | undefined>();
  using _child = new Child<never, MemoryWorkerMessage>(lab, "_memory_worker.ts", {
    onMessage: ({ retained }) => resolve(retained),
    onError: () => resolve(undefined),
  });
  const deadline = setTimeout(() => resolve(undefined), DEADLINE_MS);
  try {
    return await promise;
  } finally {
    clearTimeout(deadline);
  }
}

/** What is to be said of it: one line, and a hint for whoever never frees. */
export function memoryLines(retained: readonly Retained[]): string[] {
  const hint = retainedHint(retained);
  return [retainedLine(retained), ...hint === undefined ? [] : [`  hint:      ${hint}`]];
}
