/**
 * Holds a judge to the limits of time and memory.
 *
 * @module
 */

import type { Limits } from "./limits.ts";
import type { JudgeLine } from "./protocol.ts";

/** The limits that a judge can go beyond. */
export type Excess =
  /** The lab itself takes too long to be loaded. */
  | "start"
  /** The submission does. */
  | "load"
  | "silent"
  | "seed"
  | "test"
  | "submission"
  | "memory";

/** The time in which the lab itself has to be loaded, in charged milliseconds: no submission has a
 * part in that. */
const START_MS_MAX = 60_000;

/** The limits of one process. */
export type ProcessLimits =
  & Pick<
    Limits,
    "loadMsMax" | "silentMsMax" | "seedMsMax" | "testMsMax" | "heapMbMax" | "residentMbMax"
  >
  & {
    /** The time that it may take in all, in charged milliseconds. */
    msMax: number;
  };

type Since = "start" | "load" | "silent" | "seed" | "test";

/** Compares what a process does with its limits. It reads no clock. */
export class Watch {
  readonly #limits: ProcessLimits;
  /** When each stretch of time began; `undefined` until the next sample, which errs on the
   * side of the submission. */
  readonly #since = new Map<Since, number | undefined>([["start", 0]]);
  #test = "";
  #suspected: Excess | undefined;

  /** @param limits What the process may use. */
  constructor(limits: ProcessLimits) {
    this.#limits = limits;
  }

  /** Takes note of a line that the process wrote. */
  heard(line: JudgeLine): void {
    if (line.kind === "ready") {
      this.#since.delete("start");
      this.#since.set("load", undefined);
    } else if (line.kind === "loaded") this.#since.delete("load");
    else if (line.kind === "started") {
      this.#since.set("seed", undefined);
      if (line.test !== this.#test) this.#since.set("test", undefined);
      this.#test = line.test;
    }
    if (!this.#since.has("start") && !this.#since.has("load")) {
      this.#since.set("silent", undefined);
    }
  }

  /** Looks at what the process uses.
   *
   * @param chargedMs The time that it was charged for since its start, in milliseconds.
   * @param mb The memory that it holds, in megabytes.
   * @returns The limit that it has gone beyond, if any. Of time, it has to be seen twice
   * in a row, since the line that begins a new stretch may be there and not be read yet.
   */
  sample(chargedMs: number, mb: number): Excess | undefined {
    if (mb > this.#limits.residentMbMax) return "memory";
    for (const [what, since] of this.#since) {
      if (since === undefined) this.#since.set(what, chargedMs);
    }
    const excess = this.#timeExcess(chargedMs);
    const isSeenAgain = excess === this.#suspected;
    this.#suspected = excess;
    return isSeenAgain ? excess : undefined;
  }

  #timeExcess(chargedMs: number): Excess | undefined {
    const { loadMsMax, silentMsMax, seedMsMax, testMsMax, msMax } = this.#limits;
    const isOver = (what: Since, msMax: number) => {
      return chargedMs - (this.#since.get(what) ?? chargedMs) > msMax;
    };
    if (isOver("start", START_MS_MAX)) return "start";
    if (isOver("load", loadMsMax)) return "load";
    if (isOver("silent", silentMsMax)) return "silent";
    if (isOver("seed", seedMsMax)) return "seed";
    if (isOver("test", testMsMax)) return "test";
    return chargedMs > msMax ? "submission" : undefined;
  }
}
