/**
 * Servers that flap: for moments no clerk reaches them, although they run.
 *
 * Every moment is decided by the seed and the server alone, so nothing has to happen
 * for it to come: no timer keeps a run alive that has nothing else to do.
 *
 * @module
 */

import { decideFlap, type Flap, FLAP_PERIOD_MS } from "./faults.ts";
import type { Random } from "../sim/random.ts";

/** Returns true if a moment takes place. */
export type AllowFlap = (server: string, flap: Flap) => boolean;

/** The moments in which the servers of one run are out of reach. */
export class Flapping {
  readonly #random: Random;
  readonly #allow: AllowFlap;

  /** @param random A stream of the run.
   * @param allow Says which of the moments that chance decided take place; all of them
   * if absent. May be asked more than once about the same. */
  constructor(random: Random, allow: AllowFlap = () => true) {
    this.#random = random;
    this.#allow = allow;
  }

  /** Returns true if a server is out of reach. */
  isOut(server: string, atMs: number): boolean {
    const flap = this.#decide(server, Math.floor(atMs / FLAP_PERIOD_MS));
    return flap !== undefined && flap.startMs <= atMs && atMs < flap.endMs;
  }

  /** Returns the moments of a server that began up to some time, in order. */
  until(server: string, endMs: number): Flap[] {
    const flaps: Flap[] = [];
    for (let period = 0; period * FLAP_PERIOD_MS <= endMs; period++) {
      const flap = this.#decide(server, period);
      if (flap !== undefined && flap.startMs <= endMs) flaps.push(flap);
    }
    return flaps;
  }

  #decide(server: string, period: number): Flap | undefined {
    const flap = decideFlap(period, this.#random.child(server));
    return flap !== undefined && this.#allow(server, flap) ? flap : undefined;
  }
}
