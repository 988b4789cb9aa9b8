/**
 * Whether a history is linearizable.
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
import { findImpossible } from "./reachable_states.ts";
import { search, type SearchLimits } from "./search.ts";
import { type Contradiction, decideUnique, type Decision } from "./unique_values.ts";

/** What a check finds. */
export type Verdict = "linearizable" | "not linearizable" | "inconclusive";

/** What a check finds about one part of a history. */
export interface PartResult<Op> {
  /** What its operations have in common, for example the key. */
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
  /** Which operations contradict each other, where that is known. */
  readonly contradiction: Contradiction | undefined;
}

/** What a check finds about a history. */
export interface CheckResult<Op> {
  /** That of the worst part. */
  readonly verdict: Verdict;
  readonly parts: readonly PartResult<Op>[];
}

/** How a check works. */
export interface CheckOptions extends SearchLimits {
  /** Decides by search only; for tests that compare the two ways. */
  searchOnly?: boolean;
}

/** How many configurations are looked at for the longest beginning of a history that
 * is known not to be linearizable, besides one for each operation. */
const EXPLANATION_CONFIGURATIONS = 1000;

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
  const byPart = Map.groupBy(operations, (operation) => model.partition(operation));
  const parts = Array.from(byPart, ([part, own]) => checkPart(model, part, own, options));
  return { verdict: worst(parts), parts };
}

function worst(parts: readonly { verdict: Verdict }[]): Verdict {
  const order: Verdict[] = ["not linearizable", "inconclusive"];
  return order.find((verdict) => parts.some((part) => part.verdict === verdict)) ?? "linearizable";
}

function checkPart<Op extends Timed, State>(
  model: Model<Op, State>,
  part: string,
  own: readonly Op[],
  options: CheckOptions,
): PartResult<Op> {
  const problem = new Problem(model, own, !options.searchOnly);
  const { operations } = problem;
  const decision = options.searchOnly ? undefined : decide(problem);
  if (decision?.linearizable) {
    const { order } = decision;
    const verdict = "linearizable";
    return { part, verdict, operations, order, stuck: undefined, contradiction: undefined };
  }
  if (decision !== undefined) {
    const configurationsMax = EXPLANATION_CONFIGURATIONS + operations.length;
    const limits = { ...options, configurationsMax };
    const { order, stuck } = search(problem, limits);
    const { contradiction } = decision;
    return { part, verdict: "not linearizable", operations, order, stuck, contradiction };
  }
  const { linearizable, order, stuck } = search(problem, options);
  const verdict = linearizable === undefined
    ? "inconclusive"
    : linearizable
    ? "linearizable"
    : "not linearizable";
  return { part, verdict, operations, order, stuck, contradiction: undefined };
}

/** Decides without search, where that is possible. */
function decide(problem: AnyProblem): Decision | undefined {
  const decision = decideUnique(problem);
  if (decision !== undefined) return decision;
  const read = findImpossible(problem);
  if (read === undefined) return undefined;
  return { linearizable: false, contradiction: { kind: "nowhere", read } };
}
