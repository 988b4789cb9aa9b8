/**
 * What a checker has to know of the object whose histories it checks: a model is
 * plain data and pure functions. The checker itself knows no key/value store.
 *
 * @module
 */

/** What every operation of every model has. */
export interface Timed {
  /** Who called it. */
  readonly client: number;
  /** When it was called. */
  readonly call: number;
  /** When it returned; `null` if it never did, and then it may or may not have
   * happened. An interval is closed: of two operations, one comes before the other
   * only if it returned strictly before the other was called. */
  readonly return: number | null;
}

/** What an operation shows of the states around it. */
export interface Access<State> {
  /** The state that it found, if its result shows it. */
  readonly reads?: State;
  /** The state that it left behind; absent if it changed nothing. */
  readonly writes?: State;
  /** Whether it left a state behind that no other operation shows. */
  readonly isHidden?: boolean;
}

/** A sequential object.
 *
 * @typeParam Op Its operations, with arguments and results.
 * @typeParam State Its states. They are compared with `===`, and serve as keys of a
 * `Map`: take strings or numbers.
 */
export interface Model<Op extends Timed, State> {
  /** What it is called in files and on the command line. */
  readonly name: string;
  /** The state before the first operation. */
  readonly init: State;
  /** The state after an operation.
   *
   * @returns `undefined` if the operation cannot have its result in this state. */
  step(state: State, operation: Op): State | undefined;
  /** Whether an operation changes no state whatsoever. */
  isRead(operation: Op): boolean;
  /** What an operation shows of the states around it.
   *
   * @returns `undefined` if that depends on more than its arguments and result. */
  access(operation: Op): Access<State> | undefined;
  /** What operations of one part show of the states around them, where that depends on
   * the results of the others.
   *
   * @returns What it could infer, which holds in every linearization. */
  infer?(operations: readonly Op[]): ReadonlyMap<Op, Access<State>> | undefined;
  /** Returns the operation as if its caller had not seen its result. Without it, no
   * culprit can be named, see `conflict.ts`. An operation that never returned shows no
   * result, whatever stands beside it. */
  forget?(operation: Op): Op;
  /** Which independent object an operation belongs to, for example its key. */
  partition(operation: Op): string;
  /** An operation as a person would write it. */
  describe(operation: Op): string;
}
