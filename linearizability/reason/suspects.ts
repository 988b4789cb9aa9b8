/**
 * Histories in which only some replies are believed, and one operation may have gone wrong.
 *
 * @module
 */

import type { Model, Timed } from "../model.ts";

/** The ways in which one operation may be wrong:
 *
 * - `"result"`: it was executed, but its result is wrong;
 * - `"reply"`: it returned before it took effect, or never took effect;
 * - `"twice"`: it took effect twice. */
export type Fault = "result" | "reply" | "twice";

/** One operation whose mistake alone explains a conflict. */
export interface Suspect<Op> {
  readonly operation: Op;
  readonly fault: Fault;
  /** For `"twice"`: true if both effects can lie between its call and its return. */
  readonly isWithin?: boolean;
}

/** Makes the history in which only some replies have arrived.
 *
 * @param model A model that can forget results.
 * @param operations The operations in the order of their calls.
 * @param replies The operations whose replies are believed.
 * @param mistake The mistake that one of them made, if any.
 * @returns The operations of that history, each with its original.
 */
export function historyWithReplies<Op extends Timed, State>(
  model: Model<Op, State>,
  operations: readonly Op[],
  replies: readonly Op[],
  mistake: Suspect<Op> | undefined,
): Map<Op, Op> {
  let untilReturn = -Infinity;
  for (const reply of replies) untilReturn = Math.max(untilReturn, reply.return!);
  const believed = new Set(replies);
  const history = new Map<Op, Op>();
  for (const operation of operations) {
    if (operation.call > untilReturn) continue;
    const fault = mistake?.operation === operation ? mistake.fault : undefined;
    const isBelieved = believed.has(operation) && fault !== "reply";
    if (!isBelieved) history.set(open(model, operation), operation);
    else history.set(fault === "result" ? model.forget!(operation) : operation, operation);
    if (fault !== "twice") continue;
    const isWithin = mistake!.isWithin && isBelieved;
    history.set(isWithin ? { ...model.forget!(operation) } : open(model, operation), operation);
  }
  return history;
}

/** Returns an operation as if it had not returned yet. */
function open<Op extends Timed, State>(model: Model<Op, State>, operation: Op): Op {
  return { ...model.forget!(operation), return: null };
}
