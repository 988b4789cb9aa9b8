/**
 * A part of a history in numbers: operations are indexes, and states are numbered.
 *
 * @module
 */

import type { Access, Horizon, Model, Timed } from "../model.ts";
import { Pace } from "../pace.ts";

/** Stands for "no state". */
export const NONE = -1;

/** The approximate size of a state besides its text. */
const STATE_BYTES = 100;
/** The number of steps to remember for each operation, and in all. */
const STEPS_PER_OPERATION = 8;
const STEPS_MIN = 16;
const STEPS_MAX = 1 << 18;

/** A problem of any model; decisions need numbers only. */
// deno-lint-ignore no-explicit-any
export type AnyProblem = Problem<any, any>;

/** The operations on one object, in the order of their calls. */
export class Problem<Op extends Timed, State> {
  /** The reads that never returned. */
  readonly leftOut: readonly Op[];
  /** The other operations. */
  readonly operations: readonly Op[];
  /** The times of their calls. */
  readonly calls: Float64Array;
  /** The times of their returns, infinite if there was none. */
  readonly returns: Float64Array;
  /** The state that each must find, or {@linkcode NONE}. */
  readonly reads: Int32Array;
  /** The state that each leaves behind, or {@linkcode NONE} if it changes nothing. */
  readonly writes: Int32Array;
  /** Like `writes`, but all lost states are one, see {@linkcode Horizon}. Set by
   * {@linkcode prepareSteps}, as are the next four. */
  leaves = new Int32Array(0);
  /** The numbers of their effects; operations with the same effect are interchangeable. */
  effects = new Int32Array(0);
  effectCount = 0;
  /** 1 for each operation that never changes the state. */
  isRead = new Uint8Array(0);
  /** True if the access of an operation that may change the state is unknown. */
  hasUnknown = false;
  /** 1 for each operation whose access, `reads` and `writes`, is known. */
  readonly known: Uint8Array;
  readonly pace: Pace;
  readonly #model: Model<Op, State>;
  readonly #numbers = new Map<unknown, number>();
  /** The states by their numbers, `undefined` for hidden ones. */
  readonly #states: (State | undefined)[] = [];
  /** A cache of steps of operations of unknown access: by a hash, the state and effect in one
   * number, and the state after the step. */
  #steps = new Float64Array(0);
  #stepsAfter = new Int32Array(0);
  #horizon: Horizon<State> | undefined;
  /** The number of all lost states, once there is one. */
  #lost: number | undefined;
  readonly #effectNumbers = new Map<string | number, number>();
  readonly #sources = new Map<number, ReadonlySet<number>>();
  #bytes = 0;

  /** @param operations The operations of one part.
   * @param infers True to use {@linkcode Model.infer}.
   * @throws {OutOfTime} There is no time left. */
  constructor(
    model: Model<Op, State>,
    operations: readonly Op[],
    infers = true,
    pace = new Pace(),
  ) {
    this.#model = model;
    this.pace = pace;
    pace.spend(operations.length);
    this.number(model.init);
    const isLeftOut = (operation: Op) => {
      return operation.return === null && model.isRead?.(operation) === true;
    };
    this.leftOut = operations.filter(isLeftOut);
    this.operations = operations.filter((operation) => !isLeftOut(operation))
      .sort((a, b) => a.call - b.call);
    const size = this.operations.length;
    this.calls = new Float64Array(size);
    this.returns = new Float64Array(size);
    this.reads = new Int32Array(size).fill(NONE);
    this.writes = new Int32Array(size).fill(NONE);
    this.known = new Uint8Array(size);
    const inferred = infers ? model.infer?.(this.operations, pace) : undefined;
    for (const [i, operation] of this.operations.entries()) {
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

  /** Prepares for {@linkcode step}.
   *
   * @throws {OutOfTime} There is no time left. */
  prepareSteps(): void {
    if (this.effectCount > 0) return;
    this.pace.spend(this.size);
    this.#horizon = this.#model.horizon?.(this.operations);
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

  /** Returns the number of a written state. All lost and hidden states share one. */
  #merge(number: number): number {
    if (number === NONE || this.#horizon === undefined) return number;
    const state = this.#states[number];
    if (state !== undefined && !this.#horizon.isLost(state)) return number;
    return this.#lost ??= number;
  }

  #effect(i: number): number {
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
    return this.#byReturn ??= Int32Array.from(returns.keys())
      .filter((i) => returns[i] !== Infinity)
      .sort((a, b) => returns[a]! - returns[b]! || a - b);
  }

  /** The number of states so far. */
  get stateCount(): number {
    return this.#states.length;
  }

  /** Returns the number of a state, 0 for the initial one. */
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

  /** The approximate number of bytes of the states so far. */
  get bytes(): number {
    return this.#bytes + this.#steps.byteLength + this.#stepsAfter.byteLength;
  }

  /** True if {@linkcode sources} and {@linkcode mayLead} can be used after
   * {@linkcode prepareSteps}. */
  get knowsSources(): boolean {
    return !this.hasUnknown || this.#horizon !== undefined && this.#model.effect !== undefined;
  }

  /** Returns the effects of operations of unknown access that may change another state into this
   * one. */
  sources(state: number): ReadonlySet<number> {
    let effects = this.#sources.get(state);
    if (effects === undefined) {
      const names = [...this.#horizon!.sources(this.#states[state]!)];
      effects = new Set(names.flatMap((name) => this.#effectNumbers.get(name) ?? []));
      this.#sources.set(state, effects);
    }
    return effects;
  }

  /** Returns true if the states are the same, or a sequence of operations of unknown access may lead
   * from one to the other. */
  mayLead(from: number, to: number): boolean {
    if (from === to) return true;
    const before = this.#states[from];
    // A hidden state is lost, and leads to no state that was found.
    return this.hasUnknown && before !== undefined &&
      this.#horizon!.mayLead(before, this.#states[to]!);
  }

  /** Returns the number of the state after an operation, or {@linkcode NONE} if the operation
   * cannot have its result; call {@linkcode prepareSteps} before. */
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

  /** Returns the number of a state after a step. All lost states share one. */
  #enter(state: State): number {
    if (this.#horizon?.isLost(state) !== true) return this.number(state);
    return this.#lost ??= this.number(state);
  }
}

/** Returns what an operation shows alone. One that never returned need not have happened, so it does
 * not show that a state was there; only the search handles that. */
function accessOf<Op extends Timed, State>(
  model: Model<Op, State>,
  operation: Op,
): Access<State> | undefined {
  const access = model.access?.(operation);
  return operation.return === null && access?.reads !== undefined ? undefined : access;
}
