/**
 * Decides whether a history is linearizable.
 *
 * A history has one part for each independent object, for example for each key, and is
 * linearizable if and only if each part is (Herlihy and Wing 1990; Horn and Kroening 2015). Three
 * ways lead to a decision, tried in this order:
 *
 * 1. If every state was written once, the results force the order, see `search/unique_values.ts`.
 * 2. A result that no order of the operations can lead to refutes the part, see
 *    `search/reachable_states.ts`.
 * 3. A search tries orders, see `search/search.ts`.
 *
 * A check that runs out of time or memory is inconclusive, which is neither a pass nor a failure.
 *
 * @module
 */

import type { Model, Timed } from "./model.ts";
import { inTime, Pace } from "./pace.ts";
import { type AnyProblem, Problem } from "./search/problem.ts";
import { findImpossible } from "./search/reachable_states.ts";
import { BYTES_MAX, Search, type SearchLimits, type SearchResult } from "./search/search.ts";
import { type Contradiction, decideUnique, type Decision } from "./search/unique_values.ts";

/** The possible outcomes of a check. */
export type Verdict = "linearizable" | "not linearizable" | "inconclusive";

/** The result of a check for one part of a history. */
export interface PartResult<Op> {
  /** The name that its operations share, for example the key. */
  readonly part: string;
  readonly verdict: Verdict;
  /** Its operations in the order of their calls, without reads that never returned. */
  readonly operations: readonly Op[];
  /** The reads that never returned. They fit into every order. */
  readonly leftOut: readonly Op[];
  /** Indexes into `operations`, in the order in which they take effect: of all operations, or of
   * the most that can be placed. */
  readonly order: readonly number[];
  /** The index of the first operation that cannot be placed after those. */
  readonly stuck: number | undefined;
  /** The operations that contradict each other, where they are known. */
  readonly contradiction: Contradiction | undefined;
}

/** The result of a check. */
export interface CheckResult<Op> {
  /** The verdict on the worst part. */
  readonly verdict: Verdict;
  readonly parts: readonly PartResult<Op>[];
  /** The names of the parts that were not decided, because time or memory ran out or another
   * part was refuted first. */
  readonly undecided: readonly string[];
}

/** The options of a check. */
export interface CheckOptions extends SearchLimits {
  /** Decides by search only, for tests that compare the ways. */
  searchOnly?: boolean;
}

/** The configurations that a search for the longest linearizable beginning may visit, besides one
 * for each operation. */
const EXPLANATION_CONFIGURATIONS = 1000;

/** The work of the first turn, in nodes visited: about 5 ms. */
const FIRST_SLICE = 100_000;
const SLICE_GROWTH = 2;

/** Checks a history.
 *
 * @example A read that misses a write which returned before it
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { check } from "./check.ts";
 * import { kv } from "./models/kv.ts";
 *
 * const { verdict } = check(kv, [
 *   { client: 0, op: "put", key: "k", value: "a", call: 0, return: 1 },
 *   { client: 1, op: "get", key: "k", output: "", call: 2, return: 3 },
 * ]);
 * assertEquals(verdict, "not linearizable");
 * ```
 */
export function check<Op extends Timed, State>(
  model: Model<Op, State>,
  operations: readonly Op[],
  options: CheckOptions = {},
): CheckResult<Op> {
  const parts = new Parts(model, options).decide(operations);
  const undecided = parts.filter((part) => part.verdict === "inconclusive").map(({ part }) => part);
  return { verdict: worst(parts), parts, undecided };
}

function worst(parts: readonly { verdict: Verdict }[]): Verdict {
  const order: Verdict[] = ["not linearizable", "inconclusive"];
  return order.find((verdict) => parts.some((part) => part.verdict === verdict)) ?? "linearizable";
}

const UNDECIDED = {
  verdict: "inconclusive",
  order: [],
  stuck: undefined,
  contradiction: undefined,
} as const;

/** The parts of a history. Their searches take turns, so that a part that is refuted quickly need
 * not wait for one that takes forever. */
class Parts<Op extends Timed, State> {
  readonly #model: Model<Op, State>;
  readonly #options: CheckOptions;
  readonly #pace: Pace;
  readonly #parts: PartResult<Op>[] = [];
  /** The searches that are not done, by the indexes of their parts. */
  readonly #searches = new Map<number, Search>();

  constructor(model: Model<Op, State>, options: CheckOptions) {
    this.#model = model;
    this.#options = options;
    this.#pace = new Pace(options.isOver);
  }

  decide(operations: readonly Op[]): readonly PartResult<Op>[] {
    let isOver = false;
    const byPart = Map.groupBy(operations, (each) => this.#model.partition?.(each) ?? "");
    for (const [part, operations] of byPart) {
      const begun: PartResult<Op> | undefined = isOver
        ? undefined
        : inTime(() => this.#begin(part, operations));
      isOver = begun === undefined;
      this.#parts.push(begun ?? { part, operations, leftOut: [], ...UNDECIDED });
    }
    if (worst(this.#parts) === "inconclusive") this.#takeTurns();
    return this.#parts;
  }

  /** Decides the next part without search, or gives its search a first slice.
   *
   * @throws {OutOfTime} There is no time left. */
  #begin(part: string, own: readonly Op[]): PartResult<Op> {
    const { searchOnly = false } = this.#options;
    this.#pace.spend(own.length);
    const problem = new Problem(this.#model, own, !searchOnly, this.#pace);
    const decision = searchOnly ? undefined : decide(problem);
    const outcome = decision !== undefined
      ? this.#outcome(problem, decision)
      : this.#advance(this.#parts.length, new Search(problem, this.#options), FIRST_SLICE);
    return { part, operations: problem.operations, leftOut: problem.leftOut, ...outcome };
  }

  /** Continues the searches in growing slices until one refutes the history or all have ended. */
  #takeTurns(): void {
    for (let slice = FIRST_SLICE; this.#searches.size > 0; slice *= SLICE_GROWTH) {
      for (const [place, search] of this.#searches) {
        const outcome = this.#advance(place, search, slice);
        this.#parts[place] = { ...this.#parts[place]!, ...outcome };
        if (outcome.verdict === "not linearizable" || this.#options.isOver?.() === true) return;
      }
    }
  }

  #advance(place: number, search: Search, slice: number): Outcome {
    let bytes = this.#options.bytesMax ?? BYTES_MAX;
    for (const other of this.#searches.values()) if (other !== search) bytes -= other.bytes;
    if (search.advance(slice, bytes) === "more") this.#searches.set(place, search);
    else this.#searches.delete(place);
    return this.#outcome(search.problem, search.result);
  }

  #outcome(
    problem: AnyProblem,
    { linearizable, order = [], stuck, contradiction }:
      & Partial<SearchResult>
      & { contradiction?: Contradiction },
  ): Outcome {
    if (linearizable === true) return { ...UNDECIDED, verdict: "linearizable", order };
    if (linearizable === undefined) return { ...UNDECIDED, order, stuck };
    const configurationsMax = EXPLANATION_CONFIGURATIONS + problem.size;
    // The verdict stands even if no time is left to explain it.
    const longest = inTime(() => {
      const search = new Search(problem, { ...this.#options, configurationsMax }, false);
      search.advance(Infinity, this.#options.bytesMax ?? BYTES_MAX);
      return search.result;
    }) ?? UNDECIDED;
    const { order: placed, stuck: last } = longest;
    return { verdict: "not linearizable", order: placed, stuck: last, contradiction };
  }
}

type Outcome = Pick<PartResult<unknown>, "verdict" | "order" | "stuck" | "contradiction">;

/** Decides a part without search if possible. */
function decide(problem: AnyProblem): Decision | undefined {
  const decision = decideUnique(problem);
  if (decision !== undefined) return decision;
  const read = findImpossible(problem);
  if (read === undefined) return undefined;
  return { linearizable: false, contradiction: { kind: "nowhere", read } };
}
