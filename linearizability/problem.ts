/**
 * A history, prepared for deciding: operations are numbers, and so are states.
 *
 * @module
 */

import type { Access, Horizon, Model, Timed } from "./model.ts";
import { Pace } from "./pace.ts";

/** Stands for "no state" among the numbers of states. */
export const NONE = -1;

/** About what a state costs besides the text that it holds. */
const STATE_BYTES = 100;
/** The number of steps that are remembered for each operation, and in all. */
const STEPS_PER_OPERATION = 8;
const STEPS_MIN = 16;
const STEPS_MAX = 1 << 18;

/** A problem of any model: what decides it needs numbers only. */
// deno-lint-ignore no-explicit-any
export type AnyProblem = Problem<any, any>;

/** The operations on one object, by their place in call order. */
export class Problem<Op extends Timed, State> {
  /** The operations, those left out that never returned and change nothing. */
  readonly operations: readonly Op[];
  /** The operations that never returned and change nothing. */
  readonly leftOut: readonly Op[];
  /** The times of their calls. */
  readonly calls: Float64Array;
  /** The times of their returns; infinity if there was none. */
  readonly returns: Float64Array;
  /** The state that each must find, or {@linkcode NONE}. */
  readonly reads: Int32Array;
  /** The state that each leaves behind, or {@linkcode NONE} if it changes nothing. */
  readonly writes: Int32Array;
  /** Like `writes`, but all lost states are one, see {@linkcode Horizon}. Empty until
   * {@linkcode prepareSteps} was called, as are the next four. */
  leaves = new Int32Array(0);
  /** The numbers of what each does to states: operations with the same one can stand for
   * each other. */
  effects = new Int32Array(0);
  /** The number of different effects. */
  effectCount = 0;
  /** 1 for each operation that changes no state whatsoever. */
  isRead = new Uint8Array(0);
  /** True if an operation that changes something does not show where it leads. */
  hasUnknown = false;
  /** 1 where `reads` and `writes` say everything. */
  readonly known: Uint8Array;
  /** Counts the steps of whatever works on the problem. */
  readonly pace: Pace;
  readonly #model: Model<Op, State>;
  readonly #numbers = new Map<unknown, number>();
  /** The states by their numbers; `undefined` for one that nobody saw. */
  readonly #states: (State | undefined)[] = [];
  /** The last steps of operations of unknown access, so that none is worked out again and
   * again: by a hash, the state and effect in one number, and the state after. */
  #steps = new Float64Array(0);
  #stepsAfter = new Int32Array(0);
  #horizon: Horizon<State> | undefined;
  /** The number that stands for all lost states, once there is one. */
  #lost: number | undefined;
  readonly #effectNumbers = new Map<string | number, number>();
  #bytes = 0;

  /** @param model The model of the operations.
   * @param operations Those of one part.
   * @param infers True if results may tell about other operations.
   * @param pace Counts the steps.
   * @throws {OutOfTime} There is no time left. */
  constructor(
    model: Model<Op, State>,
    operations: readonly Op[],
    infers = true,
    pace = new Pace(),
  ) {
    this.#model = model;
    this.pace = pace;
    this.number(model.init);
    const isLeftOut = (operation: Op) => {
      return operation.return === null && model.isRead?.(operation) === true;
    };
    this.leftOut = operations.filter(isLeftOut);
    this.operations = operations.filter((operation) => !isLeftOut(operation)).sort((a, b) => {
      this.pace.spend();
      return a.call - b.call;
    });
    const size = this.operations.length;
    this.calls = new Float64Array(size);
    this.returns = new Float64Array(size);
    this.reads = new Int32Array(size).fill(NONE);
    this.writes = new Int32Array(size).fill(NONE);
    this.known = new Uint8Array(size);
    const inferred = infers ? model.infer?.(this.operations, pace) : undefined;
    for (const [i, operation] of this.operations.entries()) {
      this.pace.spend();
      this.calls[i] = operation.call;
      this.returns[i] = operation.return ?? Infinity;
      this.#prepare(i, inferred?.get(operation) ?? accessOf(model, operation));
    }
  }

  #prepare(i: number, access: Access<State> | undefined): void {
    if (access === undefined) return;
    this.known[i] = 1;
    if (access.reads !== undefined) this.reads[i] = this.number(access.reads);
    if (access.writes !== undefined) this.writes[i] = this.number(access.writes);
    if (access.isHidden) this.writes[i] = this.#states.push(undefined) - 1;
  }

  /** Prepares for {@linkcode step}, which only a search needs.
   *
   * @throws {OutOfTime} There is no time left. */
  prepareSteps(): void {
    if (this.effectCount > 0) return;
    this.#horizon = this.#model.horizon?.(this.operations, this.pace);
    this.leaves = this.writes.map((state) => this.#merge(state));
    this.effects = this.writes.map((_, i) => this.#effect(i));
    this.effectCount = this.#effectNumbers.size;
    this.isRead = this.known.map((_, i) => this.#model.isRead?.(this.operations[i]!) ? 1 : 0);
    this.hasUnknown = this.known.some((isKnown, i) => isKnown === 0 && this.isRead[i] === 0);
    if (!this.known.includes(0)) return;
    const steps = Math.min(Math.max(STEPS_MIN, STEPS_PER_OPERATION * this.size), STEPS_MAX);
    this.#steps = new Float64Array(2 ** Math.ceil(Math.log2(steps)));
    this.#stepsAfter = new Int32Array(this.#steps.length);
  }

  /** Returns the number of a state that was written, which all lost states share. A state
   * that nobody saw is lost as well. */
  #merge(number: number): number {
    this.pace.spend();
    if (number === NONE || this.#horizon === undefined) return number;
    const state = this.#states[number];
    if (state !== undefined && !this.#horizon.isLost(state)) return number;
    return this.#lost ??= number;
  }

  #effect(i: number): number {
    this.pace.spend();
    const name = this.known[i] === 1
      ? (this.reads[i]! - NONE) * (this.stateCount - NONE) + this.leaves[i]! - NONE
      : this.#model.effect?.(this.operations[i]!) ?? `only ${i}`;
    let number = this.#effectNumbers.get(name);
    if (number === undefined) this.#effectNumbers.set(name, number = this.#effectNumbers.size);
    return number;
  }

  /** The number of operations. */
  get size(): number {
    return this.operations.length;
  }

  #byReturn: Int32Array | undefined;

  /** The operations that returned, in the order of their returns. */
  get byReturn(): Int32Array {
    const { returns } = this;
    return this.#byReturn ??= Int32Array.from(
      Array.from({ length: this.size }, (_, i) => i).filter((i) => returns[i] !== Infinity)
        .sort((a, b) => {
          this.pace.spend();
          return returns[a]! - returns[b]! || a - b;
        }),
    );
  }

  /** The number of states met so far. */
  get stateCount(): number {
    return this.#states.length;
  }

  /** The number of a state; that of the first one is 0. */
  number(state: State): number {
    const key: unknown = this.#model.key === undefined ? state : this.#model.key(state);
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.#states.length;
      this.#numbers.set(key, number);
      this.#states.push(state);
      this.#bytes += STATE_BYTES + (typeof key === "string" ? 2 * key.length : 0);
    }
    return number;
  }

  /** Returns the number of bytes, about, of the states that were met so far. */
  get bytes(): number {
    return this.#bytes + this.#steps.byteLength + this.#stepsAfter.byteLength;
  }

  /** True if {@linkcode sources} and {@linkcode mayLead} can tell; call
   * {@linkcode prepareSteps} before. */
  get knowsLeads(): boolean {
    return !this.hasUnknown || this.#horizon !== undefined && this.#model.effect !== undefined;
  }

  /** Returns the effects, of operations of unknown access, that may change another state
   * into this one. */
  sources(state: number): Set<number> {
    const names = [...this.#horizon!.sources(this.#states[state]!)];
    return new Set(names.flatMap((name) => this.#effectNumbers.get(name) ?? []));
  }

  /** Returns true if the states are the same, or operations of unknown access, one after the
   * other, may lead from the one to the other. */
  mayLead(from: number, to: number): boolean {
    if (from === to) return true;
    const before = this.#states[from];
    // A state that nobody saw is lost, and leads to none that was found.
    return this.hasUnknown && before !== undefined &&
      this.#horizon!.mayLead(before, this.#states[to]!);
  }

  /** The number of the state after an operation, or {@linkcode NONE}; call
   * {@linkcode prepareSteps} before. */
  step(i: number, state: number): number {
    if (this.known[i] === 1) {
      const reads = this.reads[i]!;
      if (reads !== NONE && reads !== state) return NONE;
      const leaves = this.leaves[i]!;
      return leaves === NONE ? state : leaves;
    }
    const effect = this.effects[i]!;
    const step = 1 + state * this.effectCount + effect;
    const hash = Math.imul(state, 0x9e3779b1) ^ Math.imul(effect, 0x85ebca6b);
    const at = (hash ^ hash >>> 15) & this.#steps.length - 1;
    if (this.#steps[at] === step) return this.#stepsAfter[at]!;
    // A model that infers hidden states leaves no operation unknown.
    const next = this.#model.step(this.#states[state]!, this.operations[i]!);
    const after = next === undefined
      ? NONE
      : next === this.#states[state]
      ? state
      : this.#enter(next);
    this.#steps[at] = step;
    this.#stepsAfter[at] = after;
    return after;
  }

  /** Returns the number of a state that was reached, which all lost states share. */
  #enter(state: State): number {
    if (this.#horizon?.isLost(state) !== true) return this.number(state);
    return this.#lost ??= this.number(state);
  }
}

/** Returns what an operation shows by itself. One that never returned need not have happened, so
 * that it shows no state before it: of that, only the search may know. */
function accessOf<Op extends Timed, State>(
  model: Model<Op, State>,
  operation: Op,
): Access<State> | undefined {
  const access = model.access?.(operation);
  return operation.return === null && access?.reads !== undefined ? undefined : access;
}
