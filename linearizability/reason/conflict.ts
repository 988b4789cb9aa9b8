/**
 * Finds the operations of a history that contradict each other, and the one to blame.
 *
 * A reply claims that its operation is done, and what the operation found. A history is not
 * linearizable if the claims of some replies contradict each other. To remove an operation means to
 * stop believing its reply: it becomes an operation that never returned, which may take effect at
 * any time after its call, or never. Deleting a write instead would turn operations that saw it
 * into liars.
 *
 * 1. *When.* Replies are believed in the order of their arrival. The shortest beginning that is not
 *    linearizable ends with the {@linkcode Conflict.last} reply. Operations that returned later are
 *    not needed for the contradiction and are never accused.
 * 2. *What.* Replies that are not needed for the contradiction are removed. The others are the
 *    {@linkcode Conflict.replies}.
 * 3. *Who.* For each of them, the history is checked as if its result were wrong, as if it had not
 *    taken effect when it returned, and, for a write, as if it had taken effect twice. The best
 *    suspicion is the one that keeps the history linearizable for longest. If one operation alone
 *    is suspected, it is the culprit; if several are, none is accused alone.
 *
 * The work is bounded by steps, not by a clock, so that a history gets the same answer on every machine. When
 * they are used up, the result has a larger subset, or no suspects.
 *
 * @module
 */

import { historyWithReplies, type Suspect } from "./suspects.ts";
import { bisect } from "../bisect.ts";
import { check, type PartResult } from "../check.ts";
import type { Model, Timed } from "../model.ts";
import type { TimeLimit } from "../pace.ts";

export type { Fault, Suspect } from "./suspects.ts";

/** Operations that contradict each other. */
export interface Conflict<Op> {
  /** The operations whose replies contradict each other, in the order of their returns. */
  readonly replies: readonly Op[];
  /** Those, and the writes whose values they found, in the order of their calls. They alone are
   * not linearizable. */
  readonly subset: readonly Op[];
  /** The last reply to arrive. Without it, the history up to then is linearizable. */
  readonly last: Op;
  /** True if every reply is needed; false if that could not be decided. */
  readonly isMinimal: boolean;
  /** The operations that explain it equally well; empty if the work was used up. */
  readonly suspects: readonly Suspect<Op>[];
  /** The order of the operations before the one that does not fit. */
  readonly order: readonly Op[];
  /** The operation that does not fit after those. */
  readonly stuck: Op;
}

/** A bound on work, shared by all searches that get the same object. */
export interface Work {
  /** The number of steps left, about 0.1 µs each. */
  stepsLeft: number;
}

/** The options of a search for conflicts. */
export interface ConflictOptions<Op> extends TimeLimit {
  /** The work that may be spent. */
  work?: Work;
  /** Returns the writes whose values some replies show. */
  shownBy?(writes: readonly Op[], replies: readonly Op[]): readonly Op[];
  /** Returns true if some replies allow that a write took effect twice. */
  mayBeTwice?(write: Op, replies: readonly Op[]): boolean;
}

const WORK_STEPS = 3_000_000;
/** The steps of a check for each operation, without its search. */
const STEPS_PER_OPERATION = 12;
/** The steps of a search between two calls of `isOver`. */
const STEPS_PER_QUESTION = 10_000;
/** The number of configurations that one check may keep. */
const CONFIGURATIONS_MAX = 5_000;
/** The number of writes that can be suspected of having taken effect twice. */
const TWICE_MAX = 64;

/** Returns the work of one explanation. */
export function makeWork(): Work {
  return { stepsLeft: WORK_STEPS };
}

/** Finds the operations that contradict each other first.
 *
 * @param model A model that can forget results.
 * @param part A part that is not linearizable.
 * @returns `undefined` if the model cannot forget, or the work was used up.
 */
export function findConflict<Op extends Timed, State>(
  model: Model<Op, State>,
  part: PartResult<Op>,
  options: ConflictOptions<Op> = {},
): Conflict<Op> | undefined {
  if (model.forget === undefined || part.verdict !== "not linearizable") return undefined;
  return new ConflictSearch(model, part.operations, options).run();
}

class ConflictSearch<Op extends Timed, State> {
  readonly #model: Model<Op, State>;
  readonly #operations: readonly Op[];
  /** The operations that returned, in the order of their returns. */
  readonly #returned: readonly Op[];
  readonly #options: ConflictOptions<Op>;
  readonly #work: Work;
  /** True if a check was inconclusive. */
  #isUnsure = false;

  constructor(
    model: Model<Op, State>,
    operations: readonly Op[],
    options: ConflictOptions<Op>,
  ) {
    this.#model = model;
    this.#operations = operations;
    this.#options = options;
    this.#work = options.work ?? makeWork();
    this.#returned = operations.filter((operation) => operation.return !== null)
      .sort((one, other) => one.return! - other.return!);
  }

  /** True if no work is left. */
  get #isDone(): boolean {
    return this.#work.stepsLeft <= 0;
  }

  run(): Conflict<Op> | undefined {
    const count = this.#firstWrong(0, undefined);
    if (count === undefined || this.#isDone) return undefined;
    const last = this.#returned[count - 1]!;
    const { replies, isMinimal } = this.#reduce(this.#returned.slice(0, count - 1), last);
    const shown = this.#shownBy(replies, last);
    const subset = new Set([...replies, ...shown]);
    const suspects = this.#isDone ? [] : this.#suspects(replies, shown, count);
    const [culprit] = suspects;
    const isSingle = suspects.length === 1 && culprit!.fault !== "twice";
    const stuck = isSingle ? culprit!.operation : last;
    return {
      replies,
      subset: this.#operations.filter((operation) => subset.has(operation)),
      last,
      isMinimal,
      suspects,
      stuck,
      order: this.#orderUpTo(stuck, count),
    };
  }

  /** Returns the length of the shortest beginning of the replies that is not linearizable, or
   * `undefined` if there is none or the work was used up.
   *
   * @param well The length of a linearizable beginning. */
  #firstWrong(well: number, mistake: Suspect<Op> | undefined): number | undefined {
    const all = this.#returned.length;
    const isWrong = (count: number) => this.#areWrong(count, mistake);
    let step = 1;
    while (well + step < all && !isWrong(well + step)) {
      if (this.#isDone) return undefined;
      well += step;
      step *= 2;
    }
    const wrong = Math.min(well + step, all);
    if (wrong === all && (well === all || !isWrong(all))) return undefined;
    return well + 1 + bisect(wrong - well - 1, (i) => isWrong(well + 1 + i));
  }

  /** Removes replies that are not needed to contradict the last one: many together, then fewer. */
  #reduce(replies: readonly Op[], last: Op): { replies: Op[]; isMinimal: boolean } {
    let kept = [...replies];
    this.#isUnsure = false;
    for (let size = kept.length; size >= 1; size = Math.min(size, kept.length + 1) >> 1) {
      for (let start = 0; start < kept.length;) {
        if (this.#isDone) return { replies: [...kept, last], isMinimal: false };
        const fewer = kept.toSpliced(start, size);
        if (this.#isWrong([...fewer, last])) kept = fewer;
        else start += size;
      }
    }
    return { replies: [...kept, last], isMinimal: !this.#isDone && !this.#isUnsure };
  }

  #shownBy(replies: readonly Op[], last: Op): readonly Op[] {
    const writes = this.#operations.filter((operation) => {
      return operation.call <= last.return! && this.#model.isRead?.(operation) !== true;
    });
    return (this.#options.shownBy ?? this.#writersOfReads)(writes, replies);
  }

  /** Returns the writes that left behind exactly what a reply found. */
  readonly #writersOfReads = (writes: readonly Op[], replies: readonly Op[]): readonly Op[] => {
    const found = new Set(replies.map((reply) => this.#model.access?.(reply)?.reads));
    found.delete(undefined);
    return writes.filter((write) => found.has(this.#model.access?.(write)?.writes));
  };

  /** Returns the best suspicions. */
  #suspects(replies: readonly Op[], shown: readonly Op[], count: number): Suspect<Op>[] {
    let best = 0;
    let suspects: Suspect<Op>[] = [];
    const { mayBeTwice = () => true } = this.#options;
    const writes = new Set([...replies, ...shown].filter((operation) => {
      return this.#model.isRead?.(operation) !== true && mayBeTwice(operation, replies);
    }));
    // No operation is accused before all others were considered.
    if (writes.size > TWICE_MAX) return [];
    const candidates: Suspect<Op>[] = [
      ...replies.map((operation) => ({ operation, fault: "result" } as const)),
      ...replies.map((operation) => ({ operation, fault: "reply" } as const)),
      ...Array.from(writes, (operation) => ({ operation, fault: "twice" } as const)),
    ];
    for (const suspect of candidates) {
      const { operation, fault } = suspect;
      if (this.#areWrong(count, suspect)) continue;
      const first = this.#firstWrong(count, suspect) ?? Infinity;
      if (first < best) continue;
      if (first > best) [best, suspects] = [first, []];
      // A wrong result is the milder suspicion.
      if (fault === "reply" && suspects.some((other) => other.operation === operation)) continue;
      suspects.push(suspect);
      if (this.#isDone) return [];
    }
    return suspects.map((suspect) => {
      if (suspect.fault !== "twice") return suspect;
      const within = { ...suspect, isWithin: true };
      return this.#areWrong(count, within) ? suspect : within;
    });
  }

  /** Returns true if the first `count` replies are not linearizable. */
  #areWrong(count: number, mistake: Suspect<Op> | undefined): boolean {
    return this.#isWrong(this.#returned.slice(0, count), mistake);
  }

  /** Returns true if the history is not linearizable when only these replies are believed. */
  #isWrong(replies: readonly Op[], mistake?: Suspect<Op>): boolean {
    const history = historyWithReplies(this.#model, this.#operations, replies, mistake);
    const verdict = this.#check([...history.keys()])?.verdict;
    this.#isUnsure ||= verdict === "inconclusive";
    return verdict === "not linearizable";
  }

  #check(history: readonly Op[]): PartResult<Op> | undefined {
    const { isOver } = this.#options;
    this.#work.stepsLeft -= STEPS_PER_OPERATION * history.length;
    if (this.#isDone || isOver?.() === true) {
      this.#work.stepsLeft -= Infinity;
      return undefined;
    }
    return check(this.#model, history, {
      configurationsMax: CONFIGURATIONS_MAX,
      isOver: () => {
        this.#work.stepsLeft -= STEPS_PER_QUESTION;
        return this.#isDone || isOver?.() === true;
      },
    }).parts[0];
  }

  /** Returns an order of the operations before one that does not fit. */
  #orderUpTo(stuck: Op, count: number): Op[] {
    const replies = this.#returned.slice(0, count).filter((reply) => reply !== stuck);
    if (replies.length === 0) return [];
    const history = historyWithReplies(this.#model, this.#operations, replies, undefined);
    const part = this.#check([...history.keys()]);
    if (part === undefined) return [];
    const order = part.order.map((place) => history.get(part.operations[place]!)!);
    const end = order.indexOf(stuck);
    return end < 0 ? order : order.slice(0, end);
  }
}
