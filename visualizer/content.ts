/**
 * The content of a page: the parts of a history, and where known the faults and the
 * messages of the run that it comes from. Plain data, so that whoever holds a
 * recording can write a page without knowing how it is drawn.
 *
 * All times that end in `Ms` are milliseconds on one clock, that of the run.
 *
 * @module
 */

import type { Verdict } from "../linearizability/mod.ts";

/** Everything that one page shows. */
export interface PageContent {
  /** The title, for example a file name or "TestUnreliable, seed 7". */
  readonly title: string;
  /** The notes under the title: for example a failure's message, its hint, and the
   * command that replays it. */
  readonly notes?: readonly PageNote[];
  /** The smallest run that fails in the same way. */
  readonly story?: PageStory;
  /** One per independent object, in any order: the page puts those that are not
   * linearizable first, then those that are inconclusive. */
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
  /** The lessons: what happened, what was violated, a hint. */
  readonly notes: readonly PageNote[];
}

/** One thing that happens in a story. */
export type PageStoryStep =
  & { readonly atMs: number }
  & (
    /** A step that a clerk or a server takes by itself. */
    | { readonly kind: "note"; readonly at: string; readonly text: string }
    /** A request or a reply. */
    | {
      readonly kind: "message";
      readonly from: string;
      readonly to: string;
      readonly text: string;
      /** True if it never arrives. */
      readonly isLost: boolean;
    }
  );

/** A line under the title. */
export interface PageNote {
  readonly label: string;
  /** May have several lines. */
  readonly text: string;
}

/** The result for one part of a history; `pageParts` makes it. */
export interface PagePart {
  /** The name that its operations share, for example the key. */
  readonly name: string;
  readonly verdict: Verdict;
  readonly operations: readonly PageOperation[];
  /** Places in `operations`, in the order of the linearization points: all that had to
   * be placed, or the most that could be. */
  readonly order: readonly number[];
  /** The states along that order: that before the first, then that after each. */
  readonly states: readonly string[];
  /** The place of the first operation that could not be placed after those. */
  readonly stuck?: number;
  /** Why it is not linearizable, where that is known. */
  readonly reason?: PageReason;
}

/** Why a part is not linearizable. */
export interface PageReason {
  /** For example "stale read". */
  readonly kind: string;
  /** One sentence. */
  readonly sentence: string;
  /** Places of the operations that show it. */
  readonly operations: readonly number[];
}

/** One operation. */
export interface PageOperation {
  readonly client: number;
  /** The call as a person would write it, without its result. */
  readonly text: string;
  /** The result as a person would write it; absent if there was none to see. */
  readonly result?: string;
  /** The time of the call, by the counter that orders all calls and returns. */
  readonly call: number;
  /** The time of the return, by the same counter; absent if there was none. */
  readonly return?: number;
  readonly callMs?: number;
  readonly returnMs?: number;
}

/** A server that stopped or started. */
export interface PageFault {
  readonly atMs: number;
  /** Its name, as in the messages, for example "server 1". */
  readonly server: string;
  readonly what: "stopped" | "started";
}

/** One remote procedure call, from its request to its end. What did not happen is
 * absent. */
export interface PageMessage {
  readonly id: number;
  /** The message that this is a duplicate of, if the network made it. */
  readonly duplicateOf?: number;
  /** The caller, for example "clerk 0" or "server 1". That "clerk 0" is client 0 of the
   * operations is how the page knows which messages belong to an operation. */
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

/** A message that was lost on the way. */
export interface PageDrop {
  readonly what: "request" | "reply";
  readonly why: "lost" | "unreachable" | "late" | "no reply";
  readonly atMs: number;
}
