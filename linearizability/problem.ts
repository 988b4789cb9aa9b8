/**
 * A history, prepared for deciding: operations are numbers, and so are states.
 *
 * @module
 */

import type { Access, Model, Timed } from "./model.ts";

/** Stands for "no state" among the numbers of states. */
export const NONE = -1;

/** A problem of any model: what decides it needs numbers only. */
// deno-lint-ignore no-explicit-any
export type AnyProblem = Problem<any, any>;

/** The operations on one object, by their place in call order. */
export class Problem<Op extends Timed, State> {
  /** The operations, those left out that never returned and change nothing. */
  readonly operations: readonly Op[];
  /** When each was called. */
  readonly calls: Float64Array;
  /** When each returned; infinity if it never did. */
  readonly returns: Float64Array;
  /** The state that each must find, or {@linkcode NONE}. */
  readonly reads: Int32Array;
  /** The state that each leaves behind, or {@linkcode NONE} if it changes nothing. */
  readonly writes: Int32Array;
  /** 1 where `reads` and `writes` say everything. */
  readonly known: Uint8Array;
  readonly #model: Model<Op, State>;
  readonly #numbers = new Map<State, number>();
  /** The states by their numbers; `undefined` for one that nobody saw. */
  readonly #states: (State | undefined)[] = [];
  readonly #steps = new Map<number, number>();

  /** @param model What the operations are of.
   * @param operations Those of one part.
   * @param infers Whether to make use of what one result tells of another. */
  constructor(model: Model<Op, State>, operations: readonly Op[], infers = true) {
    this.#model = model;
    this.number(model.init);
    this.operations = operations
      .filter((operation) => operation.return !== null || !model.isRead(operation))
      .toSorted((a, b) => a.call - b.call);
    const size = this.operations.length;
    this.calls = new Float64Array(size);
    this.returns = new Float64Array(size);
    this.reads = new Int32Array(size).fill(NONE);
    this.writes = new Int32Array(size).fill(NONE);
    this.known = new Uint8Array(size);
    const inferred = infers ? model.infer?.(this.operations) : undefined;
    for (const [i, operation] of this.operations.entries()) {
      this.calls[i] = operation.call;
      this.returns[i] = operation.return ?? Infinity;
      this.#prepare(i, inferred?.get(operation) ?? model.access(operation));
    }
  }

  #prepare(i: number, access: Access<State> | undefined): void {
    if (access === undefined) return;
    this.known[i] = 1;
    if (access.reads !== undefined) this.reads[i] = this.number(access.reads);
    if (access.writes !== undefined) this.writes[i] = this.number(access.writes);
    if (access.isHidden) this.writes[i] = this.#states.push(undefined) - 1;
  }

  /** How many operations there are. */
  get size(): number {
    return this.operations.length;
  }

  /** How many states were met so far. */
  get stateCount(): number {
    return this.#states.length;
  }

  /** The number of a state; that of the first one is 0. */
  number(state: State): number {
    let number = this.#numbers.get(state);
    if (number === undefined) {
      number = this.#states.length;
      this.#numbers.set(state, number);
      this.#states.push(state);
    }
    return number;
  }

  /** A name for what an operation does to states: two that have the same one can stand
   * for each other. */
  effect(i: number): string {
    return this.known[i] === 1
      ? `${this.reads[i]} ${this.writes[i]}`
      : this.#model.describe(this.operations[i]!);
  }

  /** Whether an operation changes no state whatsoever. */
  isRead(i: number): boolean {
    return this.#model.isRead(this.operations[i]!);
  }

  /** The number of the state after an operation, or {@linkcode NONE}. */
  step(i: number, state: number): number {
    if (this.known[i] === 1) {
      const reads = this.reads[i]!;
      if (reads !== NONE && reads !== state) return NONE;
      const writes = this.writes[i]!;
      return writes === NONE ? state : writes;
    }
    const key = state * this.size + i;
    let after = this.#steps.get(key);
    if (after === undefined) {
      // A model that infers hidden states leaves no operation unknown.
      const next = this.#model.step(this.#states[state]!, this.operations[i]!);
      after = next === undefined ? NONE : this.number(next);
      this.#steps.set(key, after);
    }
    return after;
  }
}
