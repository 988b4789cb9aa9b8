/**
 * Compares the judge's process with the limits of time and memory.
 *
 * @module
 */

import type { Limits } from "./limits.ts";
import type { JudgeLine } from "./protocol.ts";

/** A limit that a process exceeded. */
export type Excess =
  /** The time until the lab is loaded. */
  | "start"
  /** The time until the submission is loaded. */
  | "load"
  | "silent"
  | "seed"
  | "test"
  | "submission"
  | "memory";

/** The time until the lab is loaded, in charged milliseconds. The submission has no part in it. */
const START_MS_MAX = 60_000;

/** The limits of one process. */
export type ProcessLimits =
  & Pick<
    Limits,
    "loadMsMax" | "silentMsMax" | "seedMsMax" | "testMsMax" | "heapMbMax" | "residentMbMax"
  >
  & {
    /** The time until the process ends, in charged milliseconds. */
    msMax: number;
  };

type Since = "start" | "load" | "silent" | "seed" | "test";

/** Watches one process. It reads no clock. */
export class Watch {
  readonly #limits: ProcessLimits;
  /** The charged time at which each limited period began. It is `undefined` until the next sample,
   * which errs on the side of the submission. */
  readonly #since = new Map<Since, number | undefined>([["start", 0]]);
  #test = "";
  #suspected: Excess | undefined;

  constructor(limits: ProcessLimits) {
    this.#limits = limits;
  }

  /** Notes a line that the process wrote. */
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

  /** Compares the usage of the process with its limits.
   *
   * @param chargedMs The charged time since its start, in milliseconds.
   * @param mb Its memory, in megabytes.
   * @returns The exceeded limit, if any. A limit of time counts only in the second sample in a
   * row, since a line that begins a new period may not have been read yet.
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
