/**
 * Everything that happens in a run of a test: messages, operations of clerks, and faults.
 *
 * @module
 */

import { foldNetworkEvent, type NetworkEvent } from "../labrpc/network_event.ts";
import type { Digest, TraceListener as ListenerOf } from "../sim/mod.ts";

/** One thing that happened. */
export type TraceEvent =
  | NetworkEvent
  | { kind: "called"; client: number; operation: string; key: string; value: string }
  | { kind: "returned"; client: number; output: string | null }
  | { kind: "fault"; what: string };

/** Sees each event of a run. */
export type TraceListener = ListenerOf<TraceEvent>;

/** Distinguish the kinds in a digest. The events of the network have the other numbers. */
const KIND_CODES = { called: 7, returned: 8, fault: 9 } as const;

/** Adds all fields of an event to a digest. */
export function foldTraceEvent(event: TraceEvent, digest: Digest): void {
  switch (event.kind) {
    case "called":
      digest.add(KIND_CODES.called);
      digest.add(event.client);
      digest.addText(event.operation);
      digest.addText(event.key);
      return digest.addText(event.value);
    case "returned":
      digest.add(KIND_CODES.returned);
      digest.add(event.client);
      digest.add(event.output === null ? 0 : 1);
      return digest.addText(event.output ?? "");
    case "fault":
      digest.add(KIND_CODES.fault);
      return digest.addText(event.what);
    default:
      return foldNetworkEvent(event, digest);
  }
}
