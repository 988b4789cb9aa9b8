/**
 * The interface between a run and the tool that runs it: the hooks that the run gets, and the run
 * as the tool sees it, which is a `Config`.
 *
 * @module
 */

import type { NetworkOptions } from "../labrpc.ts";
import type { EndOfTurn, TimeLimits, TimerListener } from "../sim/mod.ts";
import type { Cluster } from "./cluster.ts";
import type { LoopCounters } from "./loop_counters.ts";
import type { Machines } from "./machines.ts";
import type { RunOptions } from "./run_options.ts";
import type { TraceListener } from "./trace_event.ts";

/** The test that a run is for; every `Deno.TestContext` is one. */
export interface TestHandle {
  /** The name of the test. */
  readonly name: string;
  /** The address of the file that holds it. */
  readonly origin?: string;
  /** The options of the run; if absent, those of the command line. */
  readonly run?: RunOptions;
  readonly hooks?: RunHooks;
}

/** Hooks that show more of a run than its outcome. Only `network` changes what happens. */
export interface RunHooks {
  /** Sees each event. */
  listener?: TraceListener;
  /** Sees the timers that the student's code sets. */
  timers?: TimerListener;
  /** Overrides what chance would decide. */
  network?: NetworkOptions;
  /** Limits the real time of a run in virtual time. */
  limits?: TimeLimits;
  /** Gets the failure of a run that is stuck: its scenario may never end. */
  failed?(error: unknown): void;
  /** Gets the run before any machine is made. */
  started?(run: Run): void;
  /** Gets the output of the test; if absent, the console does. */
  print?(line: string): void;
  /** Makes the servers and clerks; if absent, they run in this realm. */
  machines?: Machines;
}

/** A run of a test, as its tool sees it. */
export interface Run extends Cluster {
  /** The summary of the run when it ended, or so far. */
  readonly summary: RunSummary;
  /** Returns the times at which the network cut a server off from the clerks. */
  flaps(): { server: number; startMs: number; endMs: number }[];
  /** Ends the run because a turn reached its limit. */
  interrupt(how: EndOfTurn): void;
  /** Makes copies of the student's files that count the rounds of their loops; `undefined` if the
   * source is not known. */
  countLoops(): LoopCounters | undefined;
  /** Returns the failure of a run that did not end. */
  unfinished(): Error;
  /** Stops everything immediately, and restores the globals. */
  cleanup(): void;
}

/** The summary of a run, which each repetition reproduces. */
export interface RunSummary {
  /** The number of servers. */
  nservers: number;
  /** The number of servers that store each shard. */
  nreplicas: number;
  /** The digest of all events. */
  digest: string;
  /** The number of events. */
  events: number;
  /** The length of the run in virtual milliseconds. */
  virtualMs: number;
  /** The number of calls made. */
  rpcs: number;
}
