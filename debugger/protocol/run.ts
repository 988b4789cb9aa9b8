/**
 * A branch with its steps, and the machines and messages at one position.
 *
 * @module
 */

import type { PageStoryStep } from "../../visualizer/mod.ts";
import type { StepEvent } from "../record.ts";
import type { Travel } from "./commands.ts";
import type { Shown } from "./values.ts";

/** One step. */
export interface Step {
  atMs: number;
  kind: StepEvent["kind"];
  /** The step in one sentence, for example `server 0 gets request 3, append("0", "x")`. */
  text: string;
  /** The machines whose state it may change. */
  machines: string[];
  /** The number of its request. People see it from 1: `message + 1`. */
  message?: number;
  /** The number of its operation, or of the operation that its request is for. */
  operation?: number;
  /** The lines that the student's code printed since the step before. */
  printed?: string[];
  /** The rows that it adds to a sequence diagram, for `drawSequence`; may be none. */
  drawn: PageStoryStep[];
}

/** One operation of a branch. Numbers count in the order of calls. */
export interface Operation {
  op: "get" | "put" | "append";
  /** The call, for example `append("0", "x")`. */
  text: string;
  /** The position after its call. */
  called: number;
  /** The position after its return; absent if it has not returned. */
  returned?: number;
  /** True if the violation of the branch is about it. */
  isBlamed: boolean;
}

/** A message in flight, as a card between two machines. */
export interface Flight extends Travel {
  /** For the request: caller and server. For the reply: server and caller. */
  from: string;
  to: string;
  /** The name of the method, for example "append". */
  method: string;
  /** The arguments or the reply, as JSON text of a readable length. */
  carried: string;
  isHeld: boolean;
  /** True if its caller has given up: a reply that is delivered now is thrown away. */
  isLate: boolean;
  /** True if the network made it. */
  isDuplicate: boolean;
}

/** A caller that waits for a reply, and gives up at a time. */
export interface Waiting {
  message: number;
  /** The caller, and the server that it called. */
  from: string;
  to: string;
  method: string;
  dueMs: number;
}

/** A handler that has not replied. */
export interface Handler {
  /** The request that it handles. */
  message: number;
  method: string;
  from: string;
  /** The thing that it waits for, in words, for example "the reply of server 1 to request 4";
   * absent if unknown. */
  waitsFor?: string | undefined;
}

/** A machine at a position. */
export interface Machine {
  name: string;
  role: "clerk" | "server";
  index: number;
  /** False if the clerks are cut off from it. */
  isUp: boolean;
  /** The student's object; absent if it is not made yet, as a clerk before its first
   * operation. */
  state?: Shown;
  /** True if the last step changed something in it. */
  hasChanges: boolean;
  /** The running handlers of a server. */
  handlers: Handler[];
  /** The number of a clerk's operation under way, and the thing that it waits for. */
  operation?: number;
  waitsFor?: string | undefined;
}
