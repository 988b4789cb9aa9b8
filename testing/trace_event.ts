/**
 * The events of a run: messages, operations of clerks, and faults.
 *
 * @module
 */

import type { NetworkEvent } from "../labrpc/network_event.ts";
import type { Digest, TraceListener as ListenerOf } from "../sim/mod.ts";
import { serverName } from "./names.ts";

/** One event of a run. A fault cuts a server off from the clerks, or ends that. */
export type TraceEvent =
  | NetworkEvent
  | { kind: "called"; client: number; operation: string; key: string; value: string }
  | { kind: "returned"; client: number; output: string | null }
  | { kind: "threw"; client: number; error: string }
  | { kind: "fault"; server: number; what: "stopped" | "started" };

/** Sees each event of a run. */
export type TraceListener = ListenerOf<TraceEvent>;

/** Adds the kind and all fields of an event to a digest. */
export function foldTraceEvent(event: TraceEvent, digest: Digest): void {
  for (const part of partsOf(event)) {
    if (typeof part === "number") digest.add(part);
    else digest.addText(part);
  }
}

/** Returns the number of the event's kind and its fields, in the order that all digests have. */
function partsOf(event: TraceEvent): (number | string)[] {
  switch (event.kind) {
    case "sent":
      return [1, event.end, event.method, event.bytes, event.content];
    case "delivered":
      return [2, event.message, event.server];
    case "dropped":
      return [3, event.message, event.what, event.why];
    case "replied":
      return [4, event.message, event.bytes, event.content];
    case "received":
      return [5, event.message];
    case "timed out":
      return [6, event.message];
    case "called":
      return [7, event.client, event.operation, event.key, event.value];
    case "returned":
      // A missing output is not an empty one.
      return [8, event.client, event.output === null ? 0 : 1, event.output ?? ""];
    case "threw":
      return [11, event.client, event.error];
    case "fault":
      return [9, `${serverName(event.server)} ${event.what}`];
    case "duplicated":
      return [10, event.message, event.original];
  }
}
