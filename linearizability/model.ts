/**
 * The knowledge of a checker about the object whose histories it checks: a model is
 * plain data and pure functions. The checker itself knows no key/value store.
 *
 * @module
 */

import type { Pace } from "./pace.ts";

/** The fields of every operation of every model. */
export interface Timed {
  /** The client that called it. */
  readonly client: number;
  /** The time of its call. */
  readonly call: number;
  /** The time of its return; `null` if it never did, and then it may or may not have
   * happened. An interval is closed: of two operations, one comes before the other
   * only if it returned strictly before the other was called. */
  readonly return: number | null;
}

/** The states around an operation, as far as it shows them. */
export interface Access<State> {
  /** The state that it found, if its result shows it. */
  readonly reads?: State | undefined;
  /** The state that it left behind; absent if it changed nothing. */
  readonly writes?: State;
  /** True if it left a state behind that no other operation shows. */
  readonly isHidden?: boolean;
}

/** The states that the operations of one part can tell apart. */
export interface Horizon<State> {
  /** Returns true if nobody can tell a state from others that are lost: each operation
   * is impossible in all lost states, or leads from all of them to the same state or to
   * lost states. No state that an operation shows to have found is lost. */
  isLost(state: State): boolean;
  /** Returns the {@linkcode Model.effect}s of operations of unknown access that may change
   * another state into this one; too many do no harm. */
  sources(state: State): Iterable<string>;
  /** Returns true if operations of unknown access, one after the other, may lead from one
   * state to another one, which somebody found. To return true too often does no harm. */
  mayLead(from: State, to: State): boolean;
}

/** A sequential object. Only `init` and `step` are needed; each of the others makes
 * checks faster or reports clearer, and says how.
 *
 * @typeParam Op Its operations, with arguments and results.
 * @typeParam State Its states. Do not change a state in place: `step` returns another.
 *
 * @example A counter
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { check } from "./check.ts";
 * import type { Model, Timed } from "./model.ts";
 *
 * const counter: Model<Timed & { found: number }, number> = {
 *   init: 0,
 *   step: (state, { found }) => found === state ? state + 1 : undefined,
 * };
 * const increment = { client: 0, found: 0, call: 1, return: 2 };
 * assertEquals(check(counter, [increment]).verdict, "linearizable");
 * assertEquals(check(counter, [{ ...increment, found: 1 }]).verdict, "not linearizable");
 * ```
 */
export interface Model<Op extends Timed, State> {
  /** The name in files and on the command line. */
  readonly name?: string;
  /** The state before the first operation. */
  readonly init: State;
  /** The state after an operation.
   *
   * @returns `undefined` if the operation cannot have its result in this state. */
  step(state: State, operation: Op): State | undefined;
  /** A name for a state, the same for equal states and for no others. Without it, states
   * are compared with `===`, which suits strings, numbers and booleans: objects that are
   * equal would be searched again and again. */
  key?(state: State): string | number;
  /** Returns true if an operation changes no state whatsoever. Without it, every
   * operation may: the search tries each place of a read, and not only the first. */
  isRead?(operation: Op): boolean;
  /** Returns what an operation shows of the states around it. With it, a history in which each
   * state is written once is decided without search, in O(n log n), and some
   * contradictions are named.
   *
   * @returns `undefined` if that depends on more than its arguments and result. */
  access?(operation: Op): Access<State> | undefined;
  /** Returns what operations of one part show of the states around them, where that depends on
   * the results of the others. It makes more histories decidable without search.
   *
   * @param operations Those of the part.
   * @param pace Counts the steps, so that time is kept also where they are many.
   * @returns The facts that hold in every linearization.
   * @throws {OutOfTime} There is no time left. */
  infer?(
    operations: readonly Op[],
    pace?: Pace,
  ): ReadonlyMap<Op, Access<State>> | undefined;
  /** Returns the operation as if its caller had not seen its result. Without it, no
   * culprit can be named, see `conflict.ts`. An operation that never returned shows no
   * result, whatever stands beside it. */
  forget?(operation: Op): Op;
  /** Returns what the operations of one part, all that ever happen to it, can tell
   * apart. Without it and `effect`, the search is sound but weaker.
   *
   * @param operations Those of the part. */
  horizon?(operations: readonly Op[]): Horizon<State>;
  /** A name for what an operation does to states, with its result and whether it
   * returned, but without client and times: two operations that have the same name can
   * stand for each other. Without it, only operations of known access can. */
  effect?(operation: Op): string;
  /** The independent object that an operation belongs to, for example its key. Each is
   * checked by itself, which is exponentially faster. Without it, all is one object. */
  partition?(operation: Op): string;
  /** An operation as a person would write it. Without it, reports show it as JSON. */
  describe?(operation: Op): string;
}

/** Writes an operation as a person would.
 *
 * @param model Its model.
 * @param operation The operation.
 * @returns The model's own words, or else JSON without client and times.
 */
export function describeOperation<Op extends Timed>(
  model: Pick<Model<Op, never>, "describe">,
  operation: Op,
): string {
  if (model.describe !== undefined) return model.describe(operation);
  const { client: _, call: __, return: ___, ...rest } = operation;
  return JSON.stringify(rest) ?? "";
}
