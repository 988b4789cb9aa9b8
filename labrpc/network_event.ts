/**
 * The events of a network, as a run's trace records them.
 *
 * @module
 */

/** The number of a request or of a duplicate, in the order of sending. */
export type MessageId = number;

/** Why the network did not deliver a message. */
export type DropReason = "lost" | "unreachable" | "late" | "no reply";

/** One event of a message. `bytes` is its size as JSON in UTF-8, `content` a hash of its content. */
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
