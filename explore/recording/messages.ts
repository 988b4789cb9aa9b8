/**
 * The messages of a recorded run with their outcomes, and the times when servers were out of reach.
 * A duplicate that the network made of a request is a separate message.
 *
 * @module
 */

import type { MessageId } from "../../labrpc/network_event.ts";
import { endsOf, serverName } from "../../testing/names.ts";
import type { TraceEvent } from "../../testing/trace_event.ts";
import type { PageFault, PageMessage } from "../../visualizer/mod.ts";
import type { Entry, Recording } from "./recording.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Returns the messages of a run in the order in which they were sent. */
export function messagesOf(entries: readonly Entry[]): PageMessage[] {
  const messages = new Map<MessageId, Mutable<PageMessage>>();
  for (const entry of entries) {
    if (!("event" in entry && "message" in entry.event)) continue;
    const { event, carried, atMs } = entry;
    const id = event.message;
    if (event.kind === "sent") {
      const [from, to] = endsOf(event.end);
      const args = carried !== undefined && { args: carried };
      messages.set(id, { id, from, to, method: event.method, ...args, sentMs: atMs });
    } else if (event.kind === "duplicated") {
      const { from, to, method, args, sentMs } = messages.get(event.original)!;
      const copied = { from, to, method, ...args !== undefined && { args }, sentMs };
      messages.set(id, { id, duplicateOf: event.original, ...copied });
    } else Object.assign(messages.get(id)!, changeOf(event, atMs, carried));
  }
  return [...messages.values()];
}

type Later = Exclude<Extract<TraceEvent, { message: MessageId }>, { kind: "sent" | "duplicated" }>;

function changeOf(event: Later, atMs: number, reply?: string): Partial<PageMessage> {
  switch (event.kind) {
    case "delivered":
      return { deliveredMs: atMs };
    case "replied":
      return { repliedMs: atMs, ...reply !== undefined && { reply } };
    case "received":
      return { receivedMs: atMs };
    case "timed out":
      return { timedOutMs: atMs };
    case "dropped":
      return { dropped: { what: event.what, why: event.why, atMs } };
  }
}

/** Returns the times at which servers went out of the clerks' reach or came back, in order. */
export function faultsOf({ entries, outages }: Recording): PageFault[] {
  const faults: PageFault[] = [];
  for (const entry of entries) {
    if (!("event" in entry) || entry.event.kind !== "fault") continue;
    const { server, what } = entry.event;
    faults.push({ atMs: entry.atMs, server: serverName(server), what });
  }
  for (const { server, startMs, endMs } of outages) {
    faults.push({ atMs: startMs, server: serverName(server), what: "stopped" });
    faults.push({ atMs: endMs, server: serverName(server), what: "started" });
  }
  return faults.sort((one, other) => one.atMs - other.atMs);
}
