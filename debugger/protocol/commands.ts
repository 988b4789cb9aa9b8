/**
 * The commands of the page. The server checks them; its own messages are types only.
 *
 * @module
 */

import { z } from "zod";
import { LIMITS } from "./limits.ts";

/** A number that counts from 0, for example a position of a branch. */
const Index = z.int().min(0);
/** The name of a branch among the others. */
const BranchId = z.string().max(20);

/** The size of a cluster in which nothing happens until a person acts. */
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

/** An action of a person at the current position. It starts a new branch there, unless the
 * position is the end of a branch driven by hand. */
export const Action = z.discriminatedUnion("act", [
  /** Starts an operation on an idle clerk. The key is a whole number, as in the tests, because it
   * determines the shard. A get has no value. */
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
  /** A message in flight does not move during `run on`. */
  z.strictObject({ act: z.literal("hold"), ...Travel.shape }),
  /** Undoes `hold`. */
  z.strictObject({ act: z.literal("release"), ...Travel.shape }),
  /** Time passes until a caller gives up. Everything due before that happens, too. */
  z.strictObject({ act: z.literal("fire"), message: Index }),
  /** Cuts the clerks off from a server, as the tests do. */
  z.strictObject({ act: z.literal("stop"), server: Index }),
  /** Undoes `stop`. */
  z.strictObject({ act: z.literal("start"), server: Index }),
  /** Time passes until the next timeout, or the next timer of the student's code. Messages in
   * flight do not move. */
  z.strictObject({ act: z.literal("wait") }),
  /** The network delivers all messages that are not held, and time passes, until nothing is
   * left to happen. */
  z.strictObject({ act: z.literal("run on") }),
]);
export type Action = z.infer<typeof Action>;

/** A command of the page. */
export const Command = z.discriminatedUnion("do", [
  /** Shows a position of the current branch; one beyond the end is the end. */
  z.strictObject({ do: z.literal("seek"), position: Index }),
  /** Goes to the next or the previous step of a kind. `event` is any step; `message` is one at
   * which a message is sent, arrives or is lost; `operation` is one at which an operation is
   * called or returns. */
  z.strictObject({
    do: z.literal("step"),
    by: z.enum(["event", "message", "operation"]),
    back: z.boolean().default(false),
  }),
  /** Reads a value that was shown in part. The answer has `opened`. */
  z.strictObject({ do: z.literal("open"), position: Index, path: z.string().max(2000) }),
  /** Does something at the current position, and shows the position after it. */
  z.strictObject({ do: z.literal("act"), action: Action }),
  /** Starts a branch with a new cluster, in which nothing happens yet. */
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
]);
export type Command = z.infer<typeof Command>;

/** One message from the page. */
export const Request = z.strictObject({
  /** A number that the answer repeats. */
  id: z.int().min(0),
  command: Command,
});
export type Request = z.infer<typeof Request>;
