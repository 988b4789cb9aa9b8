/**
 * One performance, step by step, with the state of each machine at any position. Positions share
 * unchanged parts, and showing one needs no new performance.
 *
 * @module
 */

import type { Shown } from "./protocol.ts";
import { apply } from "./patch.ts";
import type { Beginning, Change, StepRecord } from "./record.ts";

/** The state of a machine from a position on. */
interface Since {
  readonly position: number;
  readonly shown: Shown;
}

/** The steps of one performance. */
export class Timeline {
  readonly #steps: StepRecord[] = [];
  /** The states of each machine, in the order of positions. */
  readonly #states = new Map<string, Since[]>();
  readonly #beginning: Beginning;

  constructor(beginning: Beginning, steps: readonly StepRecord[] = []) {
    this.#beginning = beginning;
    this.#change(0, beginning.changes);
    for (const step of steps) this.add(step);
  }

  /** The steps. The step at index 0 leads to position 1. */
  get steps(): readonly StepRecord[] {
    return this.#steps;
  }

  /** The last position. */
  get end(): number {
    return this.#steps.length;
  }

  /** The machines, output and timers before the first step. */
  get beginning(): Beginning {
    return this.#beginning;
  }

  /** Returns the steps up to a position, as the beginning of another timeline. */
  until(position: number): Timeline {
    return new Timeline(this.#beginning, this.#steps.slice(0, position));
  }

  /** Adds a step. */
  add(step: StepRecord): void {
    this.#change(this.#steps.push(step), step.changes);
  }

  /** Returns the time of a position. */
  atMs(position: number): number {
    return this.#steps[position - 1]?.atMs ?? 0;
  }

  /** Returns the last position of the same time. */
  momentEnd(position: number): number {
    const atMs = this.atMs(position);
    let end = position;
    while (this.#steps[end]?.atMs === atMs) end++;
    return end;
  }

  /** Returns the state of a machine; `undefined` if it was not made yet. */
  stateAt(machine: string, position: number): Shown | undefined {
    const states = this.#states.get(machine) ?? [];
    let [low, high] = [0, states.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (states[middle]!.position <= position) low = middle + 1;
      else high = middle;
    }
    return states[low - 1]?.shown;
  }

  #change(position: number, changes: readonly Change[] = []): void {
    for (const { machine, patch } of changes) {
      const states = this.#states.get(machine) ?? [];
      this.#states.set(machine, states);
      states.push({ position, shown: apply(states.at(-1)?.shown, patch) });
    }
  }
}
