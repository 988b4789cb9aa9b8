/**
 * Decides whether a history is linearizable.
 *
 * The history falls into one part per independent object, for example per key; it is
 * linearizable exactly if each part is (Herlihy and Wing 1990; Horn and Kroening
 * 2015). A part in which every written value is unique is decided by the order that
 * the observed values force, see `unique_values.ts`, also where they tell what appends
 * found that nobody saw, see `unseen_appends.ts`; any other by search, see `search.ts`,
 * unless a value is there that nobody can have written, see `reachable_states.ts`.
 *
 * A check that runs out of time or memory says so: "inconclusive" is neither a pass
 * nor a failure.
 *
 * @module
 */

import type { Model, Timed } from "./model.ts";
import { type AnyProblem, Problem } from "./problem.ts";
import { inTime, Pace } from "./pace.ts";
import { findImpossible } from "./reachable_states.ts";
import { BYTES_MAX, Search, search, type SearchLimits } from "./search.ts";
import { type Contradiction, decideUnique, type Decision } from "./unique_values.ts";

/** The possible outcomes of a check. */
export type Verdict = "linearizable" | "not linearizable" | "inconclusive";

/** The result of a check for one part of a history. */
export interface PartResult<Op> {
  /** The name that its operations share, for example the key. */
  readonly part: string;
  readonly verdict: Verdict;
  /** Its operations in the order of their calls. Those that never returned and change
   * nothing are left out. */
  readonly operations: readonly Op[];
  /** Places in `operations`, in the order of the linearization points: all that had to
   * be placed, or the most that could be. */
  readonly order: readonly number[];
  /** The place of the first operation that could not be placed after those. */
  readonly stuck: number | undefined;
  /** The operations that contradict each other, where they are known. */
  readonly contradiction: Contradiction | undefined;
}

/** The result of a check. */
export interface CheckResult<Op> {
  /** That of the worst part. */
  readonly verdict: Verdict;
  readonly parts: readonly PartResult<Op>[];
  /** The parts that were not decided, by name: for lack of time or memory, or as another
   * part was refuted first. A refutation stands whatever these are. */
  readonly undecided: readonly string[];
}

/** The options of a check. */
export interface CheckOptions extends SearchLimits {
  /** Decides by search only; for tests that compare the two ways. */
  searchOnly?: boolean;
}

/** The number of configurations that are looked at for the longest beginning of a history that
 * is known not to be linearizable, besides one for each operation. */
const EXPLANATION_CONFIGURATIONS = 1000;

/** The work of the first turn, in nodes visited: some 5 ms. */
const FIRST_SLICE = 100_000;
const SLICE_GROWTH = 2;

/** Checks a history.
 *
 * @example A read that misses a write which returned before it
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { check } from "./check.ts";
 * import { kv } from "./kv.ts";
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
  const byPart = Map.groupBy(operations, (operation) => model.partition?.(operation) ?? "");
  const { parts, searches } = decideParts(model, byPart, options);
  takeTurns(parts, searches, options);
  const verdict = worst(parts);
  const undecided = parts.filter((part) => part.verdict === "inconclusive").map(({ part }) => part);
  return { verdict, parts, undecided };
}

function worst(parts: readonly { verdict: Verdict }[]): Verdict {
  const order: Verdict[] = ["not linearizable", "inconclusive"];
  return order.find((verdict) => parts.some((part) => part.verdict === verdict)) ?? "linearizable";
}

/** Decides what can be decided at once, and gives every other part a first slice. */
function decideParts<Op extends Timed, State>(
  model: Model<Op, State>,
  byPart: ReadonlyMap<string, readonly Op[]>,
  options: CheckOptions,
): { parts: PartResult<Op>[]; searches: Map<number, Search> } {
  const parts: PartResult<Op>[] = [];
  const searches = new Map<number, Search>();
  const pace = new Pace(options.isOver);
  let isOver = false;
  let bytes = 0;
  for (const [part, own] of byPart) {
    const begun = isOver ? undefined : inTime(() => begin(model, own, pace, options));
    if (begun === undefined) {
      isOver = true;
      parts.push({ part, operations: own, ...UNDECIDED });
      continue;
    }
    const { problem, decision, search } = begun;
    const { operations } = problem;
    if (decision !== undefined) {
      parts.push({ part, operations, ...settle(problem, decision, options) });
      continue;
    }
    const state = search.advance(FIRST_SLICE, (options.bytesMax ?? BYTES_MAX) - bytes);
    if (state === "more") {
      bytes += search.bytes;
      searches.set(parts.length, search);
    }
    parts.push({ part, operations, ...outcome(search, options) });
  }
  return { parts, searches };
}

/** Decides a part without search, or prepares a search.
 *
 * @throws {OutOfTime} There is no time left. */
function begin<Op extends Timed, State>(
  model: Model<Op, State>,
  operations: readonly Op[],
  pace: Pace,
  options: CheckOptions,
) {
  pace.spend(operations.length);
  const problem = new Problem(model, operations, !options.searchOnly, pace);
  const decision = options.searchOnly ? undefined : decide(problem);
  if (decision !== undefined) return { problem, decision };
  return { problem, search: new Search(problem, options) };
}

/** Goes on with the searches in turn, in slices that grow, until one refutes the history
 * or all have ended. A part that is refuted at once need not wait for one that never
 * ends; all in all, this costs little more than the search that ends it costs alone,
 * times the number of parts. */
function takeTurns<Op>(
  parts: PartResult<Op>[],
  searches: Map<number, Search>,
  options: CheckOptions,
): void {
  const isRefuted = () => parts.some(({ verdict }) => verdict === "not linearizable");
  if (isRefuted()) searches.clear();
  for (let slice = FIRST_SLICE; searches.size > 0; slice *= SLICE_GROWTH) {
    for (const [place, search] of searches) {
      let others = 0;
      for (const other of searches.values()) if (other !== search) others += other.bytes;
      const state = search.advance(slice, (options.bytesMax ?? BYTES_MAX) - others);
      if (state !== "more") searches.delete(place);
      parts[place] = { ...parts[place]!, ...outcome(search, options) };
      if (parts[place].verdict === "not linearizable") return;
      if (options.isOver?.() === true) return;
    }
  }
}

type Outcome = Pick<PartResult<unknown>, "verdict" | "order" | "stuck" | "contradiction">;

const UNDECIDED: Outcome = {
  verdict: "inconclusive",
  order: [],
  stuck: undefined,
  contradiction: undefined,
};

function outcome(search: Search, options: CheckOptions): Outcome {
  const { linearizable, order, stuck } = search.result;
  if (linearizable === undefined) return { ...UNDECIDED, order, stuck };
  if (!linearizable) return refuted(search.problem, undefined, options);
  return { verdict: "linearizable", order, stuck, contradiction: undefined };
}

function settle(problem: AnyProblem, decision: Decision, options: CheckOptions): Outcome {
  if (!decision.linearizable) return refuted(problem, decision.contradiction, options);
  const { order } = decision;
  return { verdict: "linearizable", order, stuck: undefined, contradiction: undefined };
}

/** Adds the longest beginning to a refutation. */
function refuted(
  problem: AnyProblem,
  contradiction: Contradiction | undefined,
  options: CheckOptions,
): Outcome {
  const configurationsMax = EXPLANATION_CONFIGURATIONS + problem.size;
  // The verdict stands, whatever time is left to explain it.
  const longest = inTime(() => {
    return search(problem, { ...options, configurationsMax, goesOn: true });
  });
  const { order, stuck } = longest ?? UNDECIDED;
  return { verdict: "not linearizable", order, stuck, contradiction };
}

/** Decides without search, where that is possible. */
function decide(problem: AnyProblem): Decision | undefined {
  const decision = decideUnique(problem);
  if (decision !== undefined) return decision;
  const read = findImpossible(problem);
  if (read === undefined) return undefined;
  return { linearizable: false, contradiction: { kind: "nowhere", read } };
}
