/**
 * Everything that happens in a run of a test: messages, operations of clerks, and faults.
 *
 * @module
 */

import type { NetworkEvent } from "../labrpc/network_event.ts";
import type { Digest, TraceListener as ListenerOf } from "../sim/mod.ts";

/** One thing that happened. */
export type TraceEvent =
  | NetworkEvent
  | { kind: "called"; client: number; operation: string; key: string; value: string }
  | { kind: "returned"; client: number; output: string | null }
  | { kind: "threw"; client: number; error: string }
  | { kind: "fault"; what: string };

/** Sees each event of a run. */
export type TraceListener = ListenerOf<TraceEvent>;

/** The number of each kind in a digest, and the fields that are added after it. "hasOutput"
 * tells an output that is missing from an empty one. */
const FOLDED: Record<TraceEvent["kind"], { code: number; fields: readonly string[] }> = {
  sent: { code: 1, fields: ["end", "method", "bytes", "content"] },
  delivered: { code: 2, fields: ["message", "server"] },
  dropped: { code: 3, fields: ["message", "what", "why"] },
  replied: { code: 4, fields: ["message", "bytes", "content"] },
  received: { code: 5, fields: ["message"] },
  "timed out": { code: 6, fields: ["message"] },
  called: { code: 7, fields: ["client", "operation", "key", "value"] },
  returned: { code: 8, fields: ["client", "hasOutput", "output"] },
  fault: { code: 9, fields: ["what"] },
  duplicated: { code: 10, fields: ["message", "original"] },
  threw: { code: 11, fields: ["client", "error"] },
};

/** Adds all fields of an event to a digest. */
export function foldTraceEvent(event: TraceEvent, digest: Digest): void {
  const { code, fields } = FOLDED[event.kind];
  digest.add(code);
  for (const field of fields) {
    const value = (event as unknown as Record<string, string | number | null>)[field];
    if (field === "hasOutput") digest.add((event as { output?: unknown }).output === null ? 0 : 1);
    else if (typeof value === "number") digest.add(value);
    else digest.addText(value ?? "");
  }
}
