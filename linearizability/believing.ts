/**
 * A history of which only some replies are believed, and one operation may have gone wrong.
 *
 * @module
 */

import type { Model, Timed } from "./model.ts";

/** The ways in which one operation may be wrong:
 *
 * - `"result"`: it was executed, and its result is wrong;
 * - `"reply"`: it was not done when it returned, or never;
 * - `"twice"`: it took effect once more. */
export type Fault = "result" | "reply" | "twice";

/** One operation that explains a conflict by itself. */
export interface Suspect<Op> {
  readonly operation: Op;
  readonly fault: Fault;
  /** For `"twice"`: true if both times can lie between its call and its return. */
  readonly isWithin?: boolean;
}

/** The mistake of one operation, if there is one. */
export type Change<Op> = Suspect<Op> | undefined;

/** Makes the history in which only some replies have arrived.
 *
 * @param model A model that can forget results.
 * @param operations The operations in the order of their calls.
 * @param replies The operations whose replies are believed.
 * @param change The mistake that one of them made.
 * @returns The operations of that history, each with the one that it stands for.
 */
export function believing<Op extends Timed, State>(
  model: Model<Op, State>,
  operations: readonly Op[],
  replies: readonly Op[],
  change: Change<Op>,
): Map<Op, Op> {
  let untilReturn = -Infinity;
  for (const reply of replies) untilReturn = Math.max(untilReturn, reply.return!);
  const believed = new Set(replies);
  const history = new Map<Op, Op>();
  for (const operation of operations) {
    if (operation.call > untilReturn) continue;
    const fault = change?.operation === operation ? change.fault : undefined;
    const isBelieved = believed.has(operation) && fault !== "reply";
    if (!isBelieved) history.set(open(model, operation), operation);
    else history.set(fault === "result" ? model.forget!(operation) : operation, operation);
    if (fault !== "twice") continue;
    const isWithin = change!.isWithin && isBelieved;
    history.set(isWithin ? { ...model.forget!(operation) } : open(model, operation), operation);
  }
  return history;
}

/** The operation, called and not returned yet. */
function open<Op extends Timed, State>(model: Model<Op, State>, operation: Op): Op {
  return { ...model.forget!(operation), return: null };
}
