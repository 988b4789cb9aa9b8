/**
 * The events of a network, as a run's trace records them.
 *
 * @module
 */

import type { Digest } from "../sim/mod.ts";

/** The number of a request, in the order of sending. Its duplicates have numbers of their own. */
export type MessageId = number;

/** Why the network did not deliver a message. */
export type DropReason = "lost" | "unreachable" | "late" | "no reply";

/** One thing that happened to a message. `bytes` is the length of its JSON text in UTF-8,
 * `content` a hash of what it carried. */
export type NetworkEvent =
  | {
    kind: "sent";
    message: MessageId;
    end: string;
    method: string;
    bytes: number;
    content: number;
  }
  | { kind: "duplicated"; message: MessageId; original: MessageId }
  | { kind: "delivered"; message: MessageId; server: string }
  | { kind: "dropped"; message: MessageId; what: "request" | "reply"; why: DropReason }
  | { kind: "replied"; message: MessageId; bytes: number; content: number }
  | { kind: "received"; message: MessageId }
  | { kind: "timed out"; message: MessageId };

/** Distinguish the kinds in a digest. 7 to 9 are taken by the events of a run. */
const KIND_CODES: Record<NetworkEvent["kind"], number> = {
  sent: 1,
  delivered: 2,
  dropped: 3,
  replied: 4,
  received: 5,
  "timed out": 6,
  duplicated: 10,
};

/** Adds all fields of an event to a digest. */
export function foldNetworkEvent(event: NetworkEvent, digest: Digest): void {
  digest.add(KIND_CODES[event.kind]);
  switch (event.kind) {
    case "sent":
      digest.addText(event.end);
      digest.addText(event.method);
      digest.add(event.bytes);
      return digest.add(event.content);
    case "duplicated":
      digest.add(event.message);
      return digest.add(event.original);
    case "delivered":
      digest.add(event.message);
      return digest.addText(event.server);
    case "dropped":
      digest.add(event.message);
      digest.addText(event.what);
      return digest.addText(event.why);
    case "replied":
      digest.add(event.message);
      digest.add(event.bytes);
      return digest.add(event.content);
    case "received":
    case "timed out":
      return digest.add(event.message);
  }
}
