/**
 * The messages and answers of the server.
 *
 * @module
 */

import type { Violation as LabViolation } from "../../testing/failure_report.ts";
import type { PageMessage } from "../../visualizer/mod.ts";
import type { Flight, Machine, Operation, Step, Waiting } from "./run.ts";
import type { Shown } from "./values.ts";

/** A violation with the hint as people see it. */
export type Violation = Omit<LabViolation, "isAlone" | "isReliable">;

/** The judgement of the history up to a position. */
export type Verdict =
  | { is: "linearizable" }
  /** `since` is the first position at which the violation shows. */
  | { is: "violated"; violation: Violation; since: number }
  /** The check took too long. */
  | { is: "inconclusive" };

/** Code of the student that did not come back. The branch ends there; all positions before it
 * can be shown, and acting at one of them starts a new branch. */
export interface Trouble {
  kind:
    /** An exception that nobody handled, or a value that cannot be sent. */
    | "threw"
    /** A loop that never yields the processor. */
    | "never yields"
    /** The heap is full. */
    | "out of memory"
    /** Nothing is left to run, or events without end; or too many steps to keep. */
    | "stuck"
    /** The code ended its process. */
    | "ended";
  /** One or more lines. */
  what: string;
  hint?: string;
  where?: string[];
  /** The last good position. */
  position: number;
  machine?: string;
}

/** A branch, as a list shows it. */
export interface Branch {
  id: string;
  name: string;
  /** True if a person drove it, at least in part. */
  isByHand: boolean;
  /** The position at which it left another branch. */
  from?: { branch: string; position: number };
  steps: number;
  /** True if its history, or the test that it comes from, fails. */
  hasFailed: boolean;
}

/** The difference between the code on disk and the code before it. */
export interface Reloaded {
  /** The files that changed. */
  files: string[];
  /** One sentence for people, for example "This schedule does not fail any more." */
  sentence: string;
  /** The last position up to which all steps are the same. */
  sameUntil: number;
  /** The first step that differs, in words: before and now; absent if there is none. */
  before?: string;
  now?: string;
  failsNow: boolean;
}

/** A message that the server sends when something changes. */
export type Message =
  /** The session: its title, and its branches. */
  | {
    type: "session";
    /** For example "TestUnreliable, seed 7". */
    title: string;
    /** Lines under the title, for example the size of the run that was opened. */
    notes: { label: string; text: string }[];
    branches: Branch[];
    /** The branch that is shown. Without one, a person chooses a cluster, unless a search for a
     * run is under way. */
    branch?: string;
    /** The step of the search for the run to open; absent once it is open. */
    searching?: string;
    /** The reason why the page does not show the files as they are on disk, if it does not. */
    problem?: string;
  }
  /** The branch that is shown. */
  | {
    type: "run";
    branch: string;
    servers: number;
    /** The number of clerks, including those that have done nothing yet. */
    clerks: number;
    steps: Step[];
    operations: Operation[];
    /** The violation of the branch, and the position at which it shows. */
    failure?: { position: number; violation: Violation };
    /** The step at which the student's code did not come back. */
    trouble?: Trouble;
    messages: PageMessage[];
  }
  /** The position that is shown. */
  | {
    type: "position";
    branch: string;
    position: number;
    atMs: number;
    /** The clerks, then the servers. */
    machines: Machine[];
    flights: Flight[];
    waiting: Waiting[];
    verdict: Verdict;
    /** True if acting here starts a new branch. */
    startsBranch: boolean;
    /** The position at which an action takes place: the end of the moment. */
    actsAt: number;
  }
  /** The files on disk changed, and everything was performed again. */
  | { type: "reloaded" } & Reloaded
  /** True while a task takes its time. */
  | { type: "busy"; isBusy: boolean; what: string };
/** A message of one kind. */
export type MessageOf<Type extends Message["type"]> = Extract<Message, { type: Type }>;

/** The answer to one request. The messages about its effects come first. */
export interface Answer {
  type: "answer";
  id: number;
  /** The reason why the command was not carried out, in one line. */
  refused?: string;
  /** A remark on its effect, in one line. */
  told?: string;
  /** A value that was read. */
  opened?: Shown;
  saved?: {
    /** A name for the download. */
    file: string;
    /** The text of the file. */
    text: string;
    /** The verdict of `deno task replay --schedule=FILE`. */
    passed: boolean;
    digest: string;
    violation?: Violation;
    /** The command that replays it. */
    command: string;
  };
  /** The text of a test. */
  test?: string;
}

/** Anything that the server sends. */
export type ServerMessage = Message | Answer;
