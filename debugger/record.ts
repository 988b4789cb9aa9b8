/**
 * The record of a step of a performance, as plain data that can leave its process.
 *
 * @module
 */

import type { TraceEvent } from "../testing/trace_event.ts";
import type { Patch } from "./patch.ts";

/** An event of the trace, or a timer of the code of a machine that runs. */
export type StepEvent = TraceEvent | { kind: "timer"; machine: string };

/** One step. */
export interface StepRecord {
  atMs: number;
  event: StepEvent;
  /** The arguments or the reply, as JSON text of a readable length. */
  carried?: string;
  /** Of a request that was sent by a handler: the number of the request that it handles. */
  handled?: number;
  /** Of a request that was sent: after how long it arrives, and its reply after that. */
  travel?: { requestMs: number; replyMs: number; unreachableMs: number };
  /** The lines that were printed up to the next step. */
  printed?: string[];
  /** The machines that changed up to the next step. */
  changes?: Change[];
  /** The timers of machines that were set and that ended up to the next step. */
  timersSet?: { id: number; machine: string; dueMs: number; handled?: number }[];
  timersEnded?: number[];
}

/** A machine that changed. */
export interface Change {
  machine: string;
  patch: Patch;
}

/** The record of what happened before the first step. */
export type Beginning = Pick<StepRecord, "changes" | "printed" | "timersSet" | "timersEnded">;
