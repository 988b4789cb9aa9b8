/**
 * The hooks that a runner of tests gives to a run, and the run that it gets back: a `Config`.
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
  /** The options of the run; those of the command line if absent. */
  readonly run?: RunOptions;
  /** The hooks of its runner. */
  readonly hooks?: RunHooks;
}

/** The hooks by which a runner sees more of a run than its outcome. None of it changes the
 * run, but for what the network's options decide. */
export interface RunHooks {
  /** Sees everything that happens, as it happens. */
  listener?: TraceListener;
  /** Sees the timers that the student's code sets. */
  timers?: TimerListener;
  /** Decides what chance would decide. */
  network?: NetworkOptions;
  /** The real time that the run may take; in virtual time only. */
  limits?: TimeLimits;
  /** Gets the failure of a run that came to the limit of a turn: its scenario may never come
   * to an end. */
  failed?(error: unknown): void;
  /** Gets the run before it makes its first machine. */
  started?(run: Run): void;
  /** Gets what the test says of itself, which otherwise goes to the console. */
  print?(line: string): void;
  /** Makes the servers and clerks; absent, they run in this realm. */
  machines?: Machines;
}

/** A run of a test, as its runner sees it. */
export interface Run extends Cluster {
  /** The summary of the run when it ended, or up to now. */
  readonly summary: RunSummary;
  /** Returns when each server was out of the clerks' reach although nobody stopped it. */
  flaps(): { server: number; startMs: number; endMs: number }[];
  /** Ends the run because a turn of it came to its limit. */
  interrupt(how: EndOfTurn): void;
  /** Makes copies of the student's files that count the rounds of their loops; `undefined` if the
   * texts of the files are not known. */
  countLoops(): LoopCounters | undefined;
  /** Returns the failure of a run that never came to its end. */
  unfinished(): Error;
  /** Stops everything at once, and gives the globals back. */
  cleanup(): void;
}

/** The summary of a run: all of it is the same when it is run again. */
export interface RunSummary {
  /** The number of servers. */
  nservers: number;
  /** The number of servers that held each shard. */
  nreplicas: number;
  /** The digest of everything that happened. */
  digest: string;
  /** The number of events that happened. */
  events: number;
  /** The time that the run took, in virtual milliseconds. */
  virtualMs: number;
  /** The number of calls made. */
  rpcs: number;
}
