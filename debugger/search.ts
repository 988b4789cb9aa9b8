/**
 * The run that a session begins with, and the search for it, which may take seconds.
 *
 * @module
 */

import type { Schedule } from "../explore/counterexample/schedule.ts";
import type { Violation } from "../testing/failure_report.ts";
import type { MessageOf } from "./protocol.ts";

/** A line about the run that was opened. */
export type Note = MessageOf<"session">["notes"][number];

/** Receives the current step of a search, and the lines known so far. */
export type ReportSearch = (searching: string, notes: Note[]) => void;

/** The run that a session begins with. */
export interface Opening {
  /** Lines about the run. */
  notes: Note[];
  /** The run to open; absent if a person begins from nothing. */
  schedule?: Schedule;
  /** The name of the run among the branches. */
  name?: string;
  /** The violation of the recorded test, if the schedule is the whole run. */
  testFailure?: Violation;
}

/** A search for the run to open. */
export interface Search {
  /** The name of the run, for example "TestUnreliable, seed 7". */
  readonly title: string;
  /** The folder of the submission, if that is not the lab's own. */
  readonly submission?: string | undefined;
  /** Finds the run with the current code. After an error, it is called again when the files
   * change. */
  find(tell: ReportSearch): Promise<Opening>;
}
