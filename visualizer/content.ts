/**
 * The content of a page: the parts of a history and, if known, the faults and the messages of
 * the run. It is plain data that says nothing about drawing.
 *
 * All fields that end in `Ms` are milliseconds on the clock of the run.
 *
 * @module
 */

import type { Verdict } from "../linearizability/mod.ts";

/** The content of one page. */
export interface PageContent {
  /** The title, for example a file name or "TestUnreliable, seed 7". */
  readonly title: string;
  /** Notes about the run, for example its digest and the command that replays it. They are
   * folded up if there is a story. */
  readonly notes?: readonly PageNote[];
  /** The smallest run that fails in the same way. */
  readonly story?: PageStory;
  /** One per independent object, in any order. The page shows parts that are not linearizable
   * first, then inconclusive ones. */
  readonly parts: readonly PagePart[];
  /** The times at which servers stopped and started. */
  readonly faults?: readonly PageFault[];
  /** The remote procedure calls of the run. */
  readonly messages?: readonly PageMessage[];
}

/** The smallest run that shows a mistake, as a sequence diagram. */
export interface PageStory {
  /** The size of the run, in one line. */
  readonly title: string;
  /** The clerks, then the servers, in the order of the columns. */
  readonly columns: readonly string[];
  /** The events, in the order of time. */
  readonly steps: readonly PageStoryStep[];
  /** Notes beside the diagram: what happened, what was violated, a hint. */
  readonly notes: readonly PageNote[];
}

/** A step of a story. */
export type PageStoryStep =
  & { readonly atMs: number }
  & (
    /** A step of one clerk or server. */
    | { readonly kind: "note"; readonly at: string; readonly text: string }
    /** A request or a reply. */
    | {
      readonly kind: "message";
      readonly from: string;
      readonly to: string;
      readonly text: string;
      /** True if the message never arrives. */
      readonly isLost: boolean;
    }
  );

/** A labeled text. */
export interface PageNote {
  readonly label: string;
  /** One or more lines. */
  readonly text: string;
}

/** The result of the check of one part of a history; see `pageParts`. */
export interface PagePart {
  /** The name of the part, for example its key. */
  readonly name: string;
  readonly verdict: Verdict;
  readonly operations: readonly PageOperation[];
  /** Indexes of operations, in linearization order: all that had to be placed, or as many as
   * could be. */
  readonly order: readonly number[];
  /** The states along that order: before the first operation, then after each one. */
  readonly states: readonly string[];
  /** The index of the first operation that cannot be placed after those. */
  readonly stuck?: number;
  /** The reason why it is not linearizable, if known. */
  readonly reason?: PageReason;
}

/** The reason why a part is not linearizable. */
export interface PageReason {
  /** For example "stale read". */
  readonly kind: string;
  /** One sentence. */
  readonly sentence: string;
  /** The indexes of the operations that show it. */
  readonly operations: readonly number[];
}

/** One operation. */
export interface PageOperation {
  readonly client: number;
  /** The call without its result, for example `get("k")`. */
  readonly text: string;
  /** The result; absent if the caller saw none. */
  readonly result?: string;
  /** The error that it threw instead. */
  readonly error?: string;
  /** The counter of the call. One counter orders all calls and returns. */
  readonly call: number;
  /** The counter of the return; absent if the operation never returned. */
  readonly return?: number;
  readonly callMs?: number;
  /** The time of the return, or of the error. */
  readonly returnMs?: number;
}

/** A server that stopped or started. */
export interface PageFault {
  readonly atMs: number;
  /** The name of the server, as in the messages. */
  readonly server: string;
  readonly what: "stopped" | "started";
}

/** One remote procedure call, from its request to its end. Fields of events that did not
 * happen are absent. */
export interface PageMessage {
  readonly id: number;
  /** The id of the original, if this is a network duplicate. */
  readonly duplicateOf?: number;
  /** The caller, for example "clerk 0" or "server 1". "clerk 0" is client 0 of the
   * operations. */
  readonly from: string;
  /** For example "server 1". */
  readonly to: string;
  /** For example "KVServer.append". */
  readonly method: string;
  readonly args?: string;
  readonly reply?: string;
  readonly sentMs: number;
  /** The time at which the request reached the server. */
  readonly deliveredMs?: number;
  /** The time at which the server replied. */
  readonly repliedMs?: number;
  /** The time at which the reply reached the caller. */
  readonly receivedMs?: number;
  /** The time at which the caller gave up. */
  readonly timedOutMs?: number;
  readonly dropped?: PageDrop;
}

/** The loss of a request or a reply. */
export interface PageDrop {
  readonly what: "request" | "reply";
  readonly why: "lost" | "unreachable" | "late" | "no reply";
  readonly atMs: number;
}
