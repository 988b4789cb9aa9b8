/**
 * The run that a session begins with, and the search for it, which takes its time.
 *
 * @module
 */

import type { Schedule } from "../explore/counterexample/schedule.ts";
import type { Violation } from "../testing/failure_report.ts";
import type { MessageOf } from "./protocol.ts";

/** A line about the run that was opened. */
export type Note = MessageOf<"session">["notes"][number];

/** Receives what a search for the run to open is doing, and what it knows already. */
export type Tell = (searching: string, notes: Note[]) => void;

/** The run that a session begins with. */
export interface Opening {
  /** Lines about the run. */
  notes: Note[];
  /** The run to open; absent if a person begins from nothing. */
  schedule?: Schedule;
  /** The name of the run among the branches. */
  name?: string;
  /** The violation of the test that the run was recorded of, if the schedule is all of it. */
  testFailure?: Violation;
}

/** A search for the run to open. */
export interface Search {
  /** The name of the run, for example "TestUnreliable, seed 7". */
  readonly title: string;
  /** The folder of the submission, if that is not the lab's own. */
  readonly submission?: string | undefined;
  /** Finds the run, with the code as it is now. If it fails, it is called again when the files
   * change. */
  find(tell: Tell): Promise<Opening>;
}
