/**
 * The events of a network, as a run's trace records them.
 *
 * @module
 */

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
