/**
 * Everything that the page of the debugger and its server say to each other.
 *
 * They talk over one WebSocket, at `session` beside the page; each message is the JSON text of
 * one value. The page sends a {@linkcode Request}; the server answers it with one
 * {@linkcode Answer} that has the same number. Between answers the server sends what changed:
 * a {@linkcode Message} replaces what an earlier one of its kind said. After the page has
 * connected, the server sends `session`, `run` and `position` unasked.
 *
 * The server serves the page itself at the address that it prints, which ends in a secret folder:
 * `http://127.0.0.1:8620/TOKEN/`. A page that uses relative addresses needs to know nothing of
 * the token. For each path below that folder ("" is the page), the server asks `pageFile(path)` of
 * `page/assets.ts`, which returns a {@linkcode PageFile}, or `undefined` where there is none.
 *
 * Words:
 * - A *branch* is one line of events: the run that was opened, or one that a person went on
 *   with by hand.
 * - A *step* is one event of a branch. Steps are numbered from 1.
 * - A *position* is a place between steps: 0 is before the first step; position `n` is after
 *   step `n`, when everything has happened that step `n` leads to, up to the next step.
 * - A *moment* is what happens without a break at one time: one or several steps. A person
 *   can act only at the end of a moment.
 *
 * Times are virtual milliseconds since the start of the run. Machines are named as in the
 * messages, for example "clerk 0" and "server 1".
 *
 * @module
 */

import { z } from "zod";
import type { PageFault, PageMessage, PagePart, PageStoryStep } from "../visualizer/mod.ts";

/** A file of the page, as the server sends it. */
export interface PageFile {
  /** Its media type, for example "text/html; charset=utf-8". */
  readonly type: string;
  readonly body: string | Uint8Array<ArrayBuffer>;
}

const Index = z.int().min(0);
const Place = z.int().min(0);

/** The sizes that a cluster built by hand can have. */
export const LIMITS = { servers: 5, replicas: 3, clerks: 5, text: 2000, name: 60 } as const;

// ---------------------------------------------------------------- what the page asks for

/** The size of a cluster that stands still until a person acts. */
export const ClusterSize = z.strictObject({
  servers: z.int().min(1).max(LIMITS.servers),
  /** At most as many as there are servers. */
  replicas: z.int().min(1).max(LIMITS.replicas),
  clerks: z.int().min(1).max(LIMITS.clerks),
}).refine(({ servers, replicas }) => replicas <= servers, {
  path: ["replicas"],
  error: "expected at most as many replicas as there are servers",
});
export type ClusterSize = z.infer<typeof ClusterSize>;

/** A message between two machines: a request, or the reply to it. */
export const Travel = z.strictObject({
  /** The number of its request. */
  message: Index,
  what: z.enum(["request", "reply"]),
});
export type Travel = z.infer<typeof Travel>;

const Text = z.string().max(LIMITS.text);

/** What a person does at the current position. At a position that is not the end of a branch
 * that was driven by hand, it starts a new branch there. */
export const Action = z.discriminatedUnion("act", [
  /** Starts an operation on a clerk that has none under way. The key is a whole number, as in
   * the tests, since its shard follows from it. A get has no value. */
  z.strictObject({
    act: z.literal("operation"),
    clerk: Index,
    op: z.enum(["get", "put", "append"]),
    key: Text,
    value: Text.optional(),
  }),
  /** A message in flight arrives now. */
  z.strictObject({ act: z.literal("deliver"), ...Travel.shape }),
  /** A message in flight is lost. */
  z.strictObject({ act: z.literal("drop"), ...Travel.shape }),
  /** A message in flight stays where it is if the run goes on by itself. */
  z.strictObject({ act: z.literal("hold"), ...Travel.shape }),
  /** Ends what `hold` did. */
  z.strictObject({ act: z.literal("release"), ...Travel.shape }),
  /** Time passes until a caller gives up. What is due before that happens, too. */
  z.strictObject({ act: z.literal("fire"), message: Index }),
  /** Cuts the clerks off from a server, as the tests do. */
  z.strictObject({ act: z.literal("stop"), server: Index }),
  /** Ends what `stop` did. */
  z.strictObject({ act: z.literal("start"), server: Index }),
  /** Time passes until something happens by itself: a timeout, or a timer of the student's
   * code. Messages in flight stay where they are. */
  z.strictObject({ act: z.literal("wait") }),
  /** The network delivers all messages that are not held, and time passes, until nothing is
   * left to happen. */
  z.strictObject({ act: z.literal("run on") }),
]);
export type Action = z.infer<typeof Action>;

const BranchId = z.string().max(20);

/** What the page asks for. */
export const Command = z.discriminatedUnion("do", [
  /** Shows a position of the current branch; one beyond the end is the end. */
  z.strictObject({ do: z.literal("seek"), position: Place }),
  /** Goes to the next or the previous step of a kind. `event` is any step; `message` is one at
   * which a message is sent, arrives or is lost; `operation` is one at which an operation is
   * called or returns; `moment` is the end of a moment; `failure` is the step that the failure
   * of the branch shows at. */
  z.strictObject({
    do: z.literal("step"),
    by: z.enum(["event", "message", "operation", "moment", "failure"]),
    back: z.boolean().default(false),
  }),
  /** Reads a value that was not shown whole. The answer has `opened`. */
  z.strictObject({ do: z.literal("open"), position: Place, path: z.string().max(2000) }),
  /** Does something at the current position, and shows the position after it. */
  z.strictObject({ do: z.literal("act"), action: Action }),
  /** Starts a branch from nothing: a cluster that stands still. */
  z.strictObject({ do: z.literal("new"), cluster: ClusterSize }),
  /** Shows another branch, at the position at which it was left. */
  z.strictObject({ do: z.literal("branch"), branch: BranchId }),
  z.strictObject({
    do: z.literal("rename"),
    branch: BranchId,
    name: z.string().trim().min(1).max(LIMITS.name),
  }),
  /** Forgets a branch that was driven by hand. The run that was opened stays. */
  z.strictObject({ do: z.literal("forget"), branch: BranchId }),
  /** Makes a schedule of the current branch, for `deno task replay --schedule=FILE`. The answer
   * has `saved`; the page offers it as a download. */
  z.strictObject({ do: z.literal("save") }),
  /** Makes a test of the current branch. The answer has `test`. */
  z.strictObject({ do: z.literal("copy as test") }),
  /** Performs all branches again with the files as they are on disk. The server does so by itself
   * if one of them changes. */
  z.strictObject({ do: z.literal("reload") }),
]);
export type Command = z.infer<typeof Command>;

/** One message from the page. */
export const Request = z.strictObject({
  /** A number of the page's own, which the answer repeats. */
  id: z.int().min(0),
  command: Command,
});
export type Request = z.infer<typeof Request>;

// ---------------------------------------------------------------- values inside of machines

/** What happened to a value in the last step. */
export const Change = z.enum(["added", "changed", "removed"]);
export type Change = z.infer<typeof Change>;

/** A field of an object, an item of a list, or an entry of a map, with its value. */
export interface Member {
  /** The name of a field (`#private` ones with their #) or the index of an item; absent in a
   * set, and in a map, which has `key`. */
  name?: string | undefined;
  /** The key of an entry of a map. */
  key?: Shown | undefined;
  value: Shown;
  /** Absent if it is as it was. A `removed` member is one that is not there any more, with its
   * last value. An object around a change is not `changed` itself: see {@linkcode Shown}. */
  change?: Change | undefined;
}

/** A value as plain data. */
export type Shown =
  /** Text to be shown as it is, for example `"a"` with its quotes, `3`, `undefined`,
   * `function f()`, `Promise`. */
  | {
    is: "text";
    type:
      | "string"
      | "number"
      | "bigint"
      | "boolean"
      | "nothing"
      | "function"
      | "other";
    text: string;
    /** The number of characters of a string that was cut; then it can be opened. */
    length?: number | undefined;
    path?: string | undefined;
  }
  /** An object with its members. */
  | {
    is: "object" | "list" | "map" | "set";
    /** The name of its class, for example "Object", "Map", "KVServer". */
    type: string;
    /** The number of its members, which may be more than are listed. */
    size: number;
    members: Member[];
    /** True if something in it changed in the last step. */
    hasChanges?: boolean | undefined;
    /** Absent if all of it is listed; if given, the page may ask for more with `open`. An object
     * that is too deep has no members and a path. */
    path?: string | undefined;
  };

export const Shown: z.ZodType<Shown> = z.lazy(() =>
  z.union([
    z.strictObject({
      is: z.literal("text"),
      type: z.enum(["string", "number", "bigint", "boolean", "nothing", "function", "other"]),
      text: z.string(),
      length: Index.optional(),
      path: z.string().optional(),
    }),
    z.strictObject({
      is: z.enum(["object", "list", "map", "set"]),
      type: z.string(),
      size: Index,
      members: z.array(Member),
      hasChanges: z.boolean().optional(),
      path: z.string().optional(),
    }),
  ])
);
export const Member: z.ZodType<Member> = z.lazy(() =>
  z.strictObject({
    name: z.string().optional(),
    key: Shown.optional(),
    value: Shown,
    change: Change.optional(),
  })
);

// ---------------------------------------------------------------- what the server tells

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
  /** It does not hold. `operation` is the number of the operation that has no place, if one is
   * to blame; `since` is the position from which on this is known. */
  z.strictObject({
    is: z.literal("violated"),
    violation: Violation,
    operation: Index.optional(),
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
    /** The files cannot be loaded, or use what grading refuses. There are no steps then. */
    "cannot load",
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
  /** Where it left another branch. */
  from: z.strictObject({ branch: BranchId, position: Place }).optional(),
  steps: Index,
  /** True if its history, or the test that it comes from, fails. */
  hasFailed: z.boolean(),
});
export type Branch = z.infer<typeof Branch>;

/** One step. What it is about stands in `text`, which is enough for a list. */
export const Step = z.strictObject({
  atMs: z.number(),
  /** The number of its moment. Steps of one moment follow each other. */
  moment: Index,
  kind: z.enum([
    /** A clerk's operation begins, and ends. */
    "called",
    "returned",
    /** A request is sent; the network makes a duplicate of one. */
    "sent",
    "duplicated",
    /** A request reaches its server; a handler replies; the reply reaches the caller. */
    "delivered",
    "replied",
    "received",
    /** A message is lost, or thrown away; a caller gives up. */
    "dropped",
    "timed out",
    /** A server stops or starts. */
    "fault",
    /** A timer of a student's code runs. */
    "timer",
  ]),
  /** One sentence, for example `server 0 gets request 3, append("0", "x")`. */
  text: z.string(),
  /** The machines whose state it may change. */
  machines: z.array(z.string()),
  /** The number of the request that it is about. People see it from 1: `message + 1`. */
  message: Index.optional(),
  /** The number of the operation that it is about, or that its request is for. */
  operation: Index.optional(),
  /** What the student's code printed since the step before. */
  printed: z.array(z.string()).optional(),
  /** The rows that it adds to a sequence diagram, for `drawSequence`; may be none. */
  drawn: z.array(z.custom<PageStoryStep>()),
});
export type Step = z.infer<typeof Step>;

/** One operation of a branch. Numbers count in the order of calls. */
export const Operation = z.strictObject({
  clerk: Index,
  op: z.enum(["get", "put", "append"]),
  key: z.string(),
  value: z.string().optional(),
  /** As a person would write it, for example `append("0", "x")`. */
  text: z.string(),
  /** The result as a person would write it; absent if none was seen. */
  result: z.string().optional(),
  /** The position after its call. */
  called: Place,
  /** The position after its return; absent if it has not returned. */
  returned: Place.optional(),
  /** True if the violation of the branch is about it. */
  isBlamed: z.boolean(),
});
export type Operation = z.infer<typeof Operation>;

/** A message on its way, as a card between two machines. */
export const Flight = z.strictObject({
  ...Travel.shape,
  /** For the request: caller and server. For the reply: server and caller. */
  from: z.string(),
  to: z.string(),
  /** For example "KVServer.append". */
  method: z.string(),
  /** What it carries, as JSON text of a readable length. */
  carried: z.string(),
  sentMs: z.number(),
  /** When it arrives by itself; absent on a branch that a person drives. */
  dueMs: z.number().optional(),
  isHeld: z.boolean(),
  /** True if its caller has given up: a reply that is delivered now is thrown away. */
  isLate: z.boolean(),
  /** True if the network made it. */
  isDuplicate: z.boolean(),
  /** The number of the operation that it is for, if that is known. */
  operation: Index.optional(),
});
export type Flight = z.infer<typeof Flight>;

/** A caller that waits for a reply, and gives up at a time. */
export const Waiting = z.strictObject({
  message: Index,
  /** The caller, and the server that it called. */
  from: z.string(),
  to: z.string(),
  method: z.string(),
  dueMs: z.number(),
});
export type Waiting = z.infer<typeof Waiting>;

/** A handler that has not replied. */
export const Handler = z.strictObject({
  /** The request that it handles. */
  message: Index,
  method: z.string(),
  from: z.string(),
  sinceMs: z.number(),
  /** What it waits for, in words, for example "the reply of server 1 to request 4". */
  waitsFor: z.string(),
});
export type Handler = z.infer<typeof Handler>;

/** A machine at a position. */
export const Machine = z.strictObject({
  name: z.string(),
  role: z.enum(["clerk", "server"]),
  index: Index,
  /** False if the clerks are cut off from it. */
  isUp: z.boolean(),
  /** What the student's object holds; absent if it is not made yet, as a clerk before its first
   * operation. */
  state: Shown.optional(),
  /** True if the last step changed something in it. */
  hasChanges: z.boolean(),
  /** Of a server: the handlers that run. */
  handlers: z.array(Handler),
  /** Of a clerk: the number of its operation under way, and what that waits for. */
  operation: Index.optional(),
  waitsFor: z.string().optional(),
});
export type Machine = z.infer<typeof Machine>;

/** What the code on disk does otherwise than that before it. */
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
  failedBefore: z.boolean(),
  failsNow: z.boolean(),
});
export type Reloaded = z.infer<typeof Reloaded>;

/** What the server tells without being asked, and after a command that changed it. */
export const Message = z.discriminatedUnion("type", [
  /** What is open. */
  z.strictObject({
    type: z.literal("session"),
    /** For example "TestUnreliable, seed 7". */
    title: z.string(),
    /** Lines under the title: what was opened, how large it was. */
    notes: z.array(z.strictObject({ label: z.string(), text: z.string() })),
    branches: z.array(Branch),
    /** The branch that is shown; absent if there is none yet: then a person chooses a cluster. */
    branch: BranchId.optional(),
  }),
  /** The branch that is shown, whole. */
  z.strictObject({
    type: z.literal("run"),
    branch: BranchId,
    servers: Index,
    replicas: Index,
    /** How many clerks there are, also those that have done nothing yet. */
    clerks: Index,
    steps: z.array(Step),
    operations: z.array(Operation),
    /** Why the branch fails, and the position at which it shows. */
    failure: z.strictObject({ position: Place, violation: Violation }).optional(),
    /** Where the student's code did not come back. */
    trouble: Trouble.optional(),
    /** The position at which a failure should be opened. */
    firstThatMatters: Place,
    /** For the axes of the history page. */
    messages: z.array(z.custom<PageMessage>()),
    faults: z.array(z.custom<PageFault>()),
    parts: z.array(z.custom<PagePart>()),
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
  /** Why the command was not carried out, in one line. */
  refused: z.string().optional(),
  /** A value that was read. */
  opened: Shown.optional(),
  saved: z.strictObject({
    /** A name for the download. */
    file: z.string(),
    /** The text of the file. */
    text: z.string(),
    /** What `deno task replay --schedule=FILE` says of it. */
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
