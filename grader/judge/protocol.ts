/**
 * The JSON lines that the judge and its parent exchange.
 *
 * The parent writes one {@linkcode Job} to the judge's standard input. The judge writes a
 * {@linkcode JudgeLine} to its standard output for each event, immediately, so that the parent
 * knows all results up to the end of the process.
 *
 * @module
 */

import type { Measured } from "../../testing/requirements.ts";
import type { TraceEvent } from "../../testing/trace_event.ts";
import type { Bundle } from "../realm/bundle.ts";

/** A job of the judge. */
export interface Job {
  bundle: Bundle;
  /** The names of the tests, up to the colon, in the order in which they run. */
  tests: readonly string[];
  /** The seeds of each test. A test ends with the first seed that fails. */
  seeds: readonly number[];
  /** True to find a loop that never yields: the judge writes every event of the run, which is
   * slow, and then the place of the loop. */
  findsLoop: boolean;
  /** The number of printed characters that the judge passes on. */
  printedLengthMax: number;
}

interface Run {
  test: string;
  seed: number;
  /** "" if there was no run. */
  digest: string;
}

/** One line of the judge. Nothing but the judge can write one, so the parent trusts its fields. */
export type JudgeLine =
  /** The lab is loaded, and the submission is not. */
  | { kind: "ready" }
  /** The scripts of the submission are compiled. */
  | { kind: "loaded" }
  /** The scripts of the submission cannot be compiled. */
  | { kind: "unloadable"; message: string }
  /** A seed of a test begins. */
  | { kind: "started"; test: string; title: string; seed: number }
  | { kind: "passed" } & Run
  | { kind: "failed"; message: string } & Run
  /** The results of the test so far do not count: all its runs are repeated. */
  | { kind: "again"; test: string }
  /** The requirements are measured. A "passed" line follows. */
  | { kind: "measured"; measured: Measured }
  /** A sign of life: the process has yielded. */
  | { kind: "alive" }
  /** An event of the run, if the job looks for a loop. */
  | { kind: "event"; atMs: number; event: TraceEvent }
  /** Text that the submission printed. */
  | { kind: "printed"; text: string; isCut: boolean }
  /** A turn of the run never yielded and was ended. */
  | { kind: "looped"; place?: string }
  /** All tests have run. */
  | { kind: "done" }
  /** The judge itself failed. */
  | { kind: "broken"; problem: string };
