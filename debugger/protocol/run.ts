/**
 * A branch with its steps, and what is there at a position of it.
 *
 * @module
 */

import { z } from "zod";
import type { PageStoryStep } from "../../visualizer/mod.ts";
import { Travel } from "./commands.ts";
import { Index, Place } from "./numbers.ts";
import { Shown } from "./values.ts";

/** One step. What it is about stands in `text`, which is enough for a list. */
export const Step = z.strictObject({
  atMs: z.number(),
  kind: z.enum([
    /** A clerk's operation begins, returns, or throws. */
    "called",
    "returned",
    "threw",
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
  /** The lines that the student's code printed since the step before. */
  printed: z.array(z.string()).optional(),
  /** The rows that it adds to a sequence diagram, for `drawSequence`; may be none. */
  drawn: z.array(z.custom<PageStoryStep>()),
});
export type Step = z.infer<typeof Step>;

/** One operation of a branch. Numbers count in the order of calls. */
export const Operation = z.strictObject({
  op: z.enum(["get", "put", "append"]),
  /** As a person would write it, for example `append("0", "x")`. */
  text: z.string(),
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
  /** The name of the method, for example "append". */
  method: z.string(),
  /** The arguments or the reply, as JSON text of a readable length. */
  carried: z.string(),
  isHeld: z.boolean(),
  /** True if its caller has given up: a reply that is delivered now is thrown away. */
  isLate: z.boolean(),
  /** True if the network made it. */
  isDuplicate: z.boolean(),
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
  /** The thing that it waits for, in words, for example "the reply of server 1 to request 4";
   * absent if that cannot be told. */
  waitsFor: z.string().optional(),
});
export type Handler = z.infer<typeof Handler>;

/** A machine at a position. */
export const Machine = z.strictObject({
  name: z.string(),
  role: z.enum(["clerk", "server"]),
  index: Index,
  /** False if the clerks are cut off from it. */
  isUp: z.boolean(),
  /** The student's object; absent if it is not made yet, as a clerk before its first
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
