/**
 * The outcome of a run, for people and for other programs.
 *
 * @module
 */

import type { RunSummary } from "../config.ts";

/** Says what a run came to, in one line that begins with its digest. */
export function summaryText({ digest, events, virtualMs }: RunSummary): string {
  return `${digest}, ${events} events, ${virtualMs.toFixed(1)} ms of virtual time`;
}

/** The members of a result in JSON; null where the run never came to its end. */
export function summaryFields(summary: RunSummary | undefined) {
  const { digest = null, events = null, virtualMs = null } = summary ?? {};
  return { digest, events, virtualMs };
}
