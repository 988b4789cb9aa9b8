/**
 * The messages and answers of the server.
 *
 * @module
 */

import { z } from "zod";
import type { PageMessage } from "../../visualizer/mod.ts";
import { BranchId, Index, Place } from "./numbers.ts";
import { Flight, Machine, Operation, Step, Waiting } from "./run.ts";
import { Shown } from "./values.ts";

/** Something that does not hold, in the words of the tests. */
export const Violation = z.strictObject({
  what: z.string(),
  operation: z.string().optional(),
  expected: z.string().optional(),
  actual: z.string().optional(),
  where: z.array(z.string()).optional(),
  hint: z.string(),
});
export type Violation = z.infer<typeof Violation>;

/** The judgement of the history up to a position. */
export const Verdict = z.discriminatedUnion("is", [
  z.strictObject({ is: z.literal("linearizable") }),
  /** It does not hold; `since` is the position from which on this is known. */
  z.strictObject({
    is: z.literal("violated"),
    violation: Violation,
    since: Place,
  }),
  /** The check took too long. */
  z.strictObject({ is: z.literal("inconclusive") }),
]);
export type Verdict = z.infer<typeof Verdict>;

/** Code of the student that did not come back. The branch ends there; all positions before it
 * can be shown, and acting at one of them starts a new branch. */
export const Trouble = z.strictObject({
  kind: z.enum([
    /** An exception that nobody handled, or a value that cannot be sent. */
    "threw",
    /** A loop that never lets go of the processor. */
    "never yields",
    /** The heap is full. */
    "out of memory",
    /** Nothing is left to run, or events without end; or too many steps to keep. */
    "stuck",
    /** It ended its process. */
    "ended",
  ]),
  /** One or more lines. */
  what: z.string(),
  hint: z.string().optional(),
  where: z.array(z.string()).optional(),
  /** The last good position. */
  position: Place,
  machine: z.string().optional(),
});
export type Trouble = z.infer<typeof Trouble>;

/** A branch, as a list shows it. */
export const Branch = z.strictObject({
  id: BranchId,
  name: z.string(),
  /** True if a person drove it, at least in part. */
  isByHand: z.boolean(),
  /** The position at which it left another branch. */
  from: z.strictObject({ branch: BranchId, position: Place }).optional(),
  steps: Index,
  /** True if its history, or the test that it comes from, fails. */
  hasFailed: z.boolean(),
});
export type Branch = z.infer<typeof Branch>;

/** The difference between the code on disk and that before it. */
export const Reloaded = z.strictObject({
  /** The files that changed. */
  files: z.array(z.string()),
  /** One sentence for people, for example "This schedule does not fail any more." */
  sentence: z.string(),
  /** The last position up to which all steps are the same. */
  sameUntil: Place,
  /** The first step that differs, in words: before and now; absent if there is none. */
  before: z.string().optional(),
  now: z.string().optional(),
  failsNow: z.boolean(),
});
export type Reloaded = z.infer<typeof Reloaded>;

/** A message that the server sends when something changes. */
export const Message = z.discriminatedUnion("type", [
  /** The session: its title, and its branches. */
  z.strictObject({
    type: z.literal("session"),
    /** For example "TestUnreliable, seed 7". */
    title: z.string(),
    /** Lines under the title: what was opened, how large it was. */
    notes: z.array(z.strictObject({ label: z.string(), text: z.string() })),
    branches: z.array(Branch),
    /** The branch that is shown; absent if there is none yet: then a person chooses a cluster,
     * unless a run is being searched for. */
    branch: BranchId.optional(),
    /** The step of the search for the run to open; absent once it is open. */
    searching: z.string().optional(),
    /** The reason why the page does not show the files as they are on disk, if it does not. */
    problem: z.string().optional(),
  }),
  /** The branch that is shown, whole. */
  z.strictObject({
    type: z.literal("run"),
    branch: BranchId,
    servers: Index,
    /** The number of clerks, also of those that have done nothing yet. */
    clerks: Index,
    steps: z.array(Step),
    operations: z.array(Operation),
    /** The violation of the branch, and the position at which it shows. */
    failure: z.strictObject({ position: Place, violation: Violation }).optional(),
    /** The step at which the student's code did not come back. */
    trouble: Trouble.optional(),
    messages: z.array(z.custom<PageMessage>()),
  }),
  /** The position that is shown. */
  z.strictObject({
    type: z.literal("position"),
    branch: BranchId,
    position: Place,
    atMs: z.number(),
    /** In the order: clerks, then servers. */
    machines: z.array(Machine),
    flights: z.array(Flight),
    waiting: z.array(Waiting),
    verdict: Verdict,
    /** True if acting here starts a new branch. */
    startsBranch: z.boolean(),
    /** The position at which an action takes place: the end of the moment. */
    actsAt: Place,
  }),
  /** The files on disk changed, and everything was performed again. */
  z.strictObject({ type: z.literal("reloaded"), ...Reloaded.shape }),
  /** True while something is performed that takes its time. */
  z.strictObject({ type: z.literal("busy"), isBusy: z.boolean(), what: z.string() }),
]);
export type Message = z.infer<typeof Message>;
/** A message of one kind. */
export type MessageOf<Type extends Message["type"]> = Extract<Message, { type: Type }>;

/** The answer to one request. What it changed was sent before it, as messages. */
export const Answer = z.strictObject({
  type: z.literal("answer"),
  id: z.int(),
  /** The reason why the command was not carried out, in one line. */
  refused: z.string().optional(),
  /** A remark on its effect, in one line. */
  told: z.string().optional(),
  /** A value that was read. */
  opened: Shown.optional(),
  saved: z.strictObject({
    /** A name for the download. */
    file: z.string(),
    /** The text of the file. */
    text: z.string(),
    /** The verdict of `deno task replay --schedule=FILE`. */
    passed: z.boolean(),
    digest: z.string(),
    violation: Violation.optional(),
    /** The command that replays it. */
    command: z.string(),
  }).optional(),
  /** The text of a test. */
  test: z.string().optional(),
});
export type Answer = z.infer<typeof Answer>;

/** Anything that the server sends. */
export const Said = z.union([Message, Answer]);
export type Said = z.infer<typeof Said>;
