/**
 * Explains a whole history that is not linearizable, part by part.
 *
 * @module
 */

import type { CheckResult, PartResult } from "../check.ts";
import { type Conflict, findConflict, makeWork } from "./conflict.ts";
import type { Operation } from "../history.ts";
import { kv } from "../models/kv.ts";
import type { Model, Timed } from "../model.ts";
import type { TimeLimit } from "../pace.ts";
import { type Reason, reasonOf } from "./reason.ts";

/** The explanation of a part that is not linearizable. */
export interface Explanation<Op> {
  /** The operations that contradict each other. */
  readonly conflict?: Conflict<Op> | undefined;
  /** The words for it, which only histories of a key/value store have. */
  readonly reason?: Reason | undefined;
}

/** Explains the parts that are not linearizable. They share the work of one explanation. */
export function explainParts<Op extends Timed, State>(
  model: Model<Op, State>,
  { parts }: CheckResult<Op>,
  { isOver }: TimeLimit = {},
): Map<PartResult<Op>, Explanation<Op>> {
  const options = { work: makeWork(), ...isOver && { isOver } };
  const wrong = parts.filter(({ verdict }) => verdict === "not linearizable");
  return new Map(wrong.map((part): [PartResult<Op>, Explanation<Op>] => {
    if (model as unknown !== kv) return [part, { conflict: findConflict(model, part, options) }];
    const reason = reasonOf(part as unknown as PartResult<Operation>, options);
    return [part, { reason, conflict: reason?.conflict as unknown as Conflict<Op> }];
  }));
}
