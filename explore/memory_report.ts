/**
 * What servers keep of clerks that have gone on, in words.
 *
 * @module
 */

import { HINTS } from "../testing/hints.ts";
import type { MemoryWorkerMessage } from "./_memory_worker.ts";
import { type Retained, VALUE_BYTES } from "./retained.ts";
import { startThread } from "./thread.ts";

/** How long measuring may take, in real milliseconds. */
const DEADLINE_MS = 10_000;

/** A server that keeps more than this share of what a clerk wrote never frees it. */
const KEPT_SHARE_MAX = 0.5;

/** Measures what the servers of a submission keep.
 *
 * @param lab The folder of the lab, or of a copy with a submission in it; ends in a slash.
 * @returns `undefined` if the submission does not get that far.
 */
export async function retainedBy(lab: URL): Promise<Retained[] | undefined> {
  const thread = startThread(lab, "_memory_worker.ts");
  const { promise, resolve } = Promise.withResolvers<MemoryWorkerMessage>();
  const deadline = setTimeout(() => resolve(undefined), DEADLINE_MS);
  thread.onmessage = ({ data }: MessageEvent<MemoryWorkerMessage>) => resolve(data);
  thread.onerror = (event) => {
    event.preventDefault();
    resolve(undefined);
  };
  try {
    return await promise;
  } finally {
    clearTimeout(deadline);
    thread.terminate();
  }
}

/** What is to be said of it: one line, and a hint for whoever never frees. */
export function memoryLines(retained: readonly Retained[]): string[] {
  const kilobytes = ({ bytesPerClerk }: Retained) => Math.max(0, bytesPerClerk / 1000).toFixed(0);
  const each = retained.map((kept) => `server ${kept.server}: ${kilobytes(kept)} KB`).join(", ");
  const lines = [
    `Kept of each clerk that wrote ${VALUE_BYTES / 1000} KB and has gone on: ${each}`,
  ];
  const never = retained.filter(({ bytesPerClerk }) => {
    return bytesPerClerk > KEPT_SHARE_MAX * VALUE_BYTES;
  });
  if (never.length > 0) lines.push(`  hint:      ${HINTS.neverFrees}`);
  return lines;
}
