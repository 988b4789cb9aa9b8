/**
 * Models: plain data and pure functions that describe an object. The checker itself knows no
 * key/value store.
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
  /** The time of its return; `null` if it never returned, and may or may not have happened.
   * Intervals are closed: an operation comes before another only if it returned strictly
   * before the other was called. */
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
  /** Returns true if a state is lost: each operation is impossible in all lost states, or leads
   * from all of them to the same state or to lost states. A state that some operation shows to
   * have found is not lost. */
  isLost(state: State): boolean;
  /** Returns the {@linkcode Model.effect}s of operations of unknown access that may change
   * another state into this one; too many do no harm. */
  sources(state: State): Iterable<string>;
  /** Returns true if a sequence of operations of unknown access may lead from one state to
   * another one, which some operation found. Returning true too often does no harm. */
  mayLead(from: State, to: State): boolean;
}

/** A sequential object. Only `init` and `step` are required.
 *
 * @typeParam Op Its operations, with arguments and results.
 * @typeParam State Its states. `step` returns a new state and changes none in place.
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
  /** Returns the state after an operation, or `undefined` if the operation cannot have its result
   * in this state. */
  step(state: State, operation: Op): State | undefined;
  /** Returns a name for a state, the same for equal states only. Without it, states are compared
   * with `===`, which suits strings, numbers and booleans. */
  key?(state: State): string | number;
  /** Returns true if an operation never changes the state. The search then tries only the first
   * place of it. */
  isRead?(operation: Op): boolean;
  /** Returns what an operation shows of the states around it, or `undefined` if that depends on
   * more than its arguments and result. A history in which each state is written once is then
   * decided without search, in O(n log n). */
  access?(operation: Op): Access<State> | undefined;
  /** Returns what operations show of the states around them in the light of all results of their
   * part. It has to hold in every linearization.
   *
   * @param pace Counts the steps of long loops.
   * @throws {OutOfTime} There is no time left. */
  infer?(operations: readonly Op[], pace?: Pace): ReadonlyMap<Op, Access<State>> | undefined;
  /** Returns an operation without its result. It lets `findConflict` look for the operation to
   * blame. */
  forget?(operation: Op): Op;
  /** Returns what the operations of one part can tell apart. With `effect`, it makes searches
   * smaller. */
  horizon?(operations: readonly Op[]): Horizon<State>;
  /** Returns a name for what an operation does, from its arguments, its result and if it returned.
   * Of operations with the same name, the search tries one at a time. */
  effect?(operation: Op): string;
  /** Returns the independent object that an operation belongs to, for example its key. Each is
   * checked separately, which is exponentially faster. */
  partition?(operation: Op): string;
  /** Describes an operation for people. Without it, reports show JSON. */
  describe?(operation: Op): string;
}

/** Describes an operation for people: in the words of its model, or else as JSON without client
 * and times. */
export function describeOperation<Op extends Timed>(
  model: Pick<Model<Op, never>, "describe">,
  operation: Op,
): string {
  if (model.describe !== undefined) return model.describe(operation);
  const { client: _, call: __, return: ___, ...rest } = operation;
  return JSON.stringify(rest) ?? "";
}

/** Returns the result of an operation, none if it never returned. */
export function resultOf<T>(
  { output, return: returned }: Pick<Timed, "return"> & { readonly output?: T },
): T | undefined {
  return returned === null ? undefined : output;
}
