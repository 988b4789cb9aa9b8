/**
 * Finds the operations of a history that contradict each other, and the one to blame.
 *
 * The reply that an operation's caller got makes up to two claims: that the
 * operation is done, and what it found. A history is not linearizable if the claims of
 * some replies contradict each other. To remove an operation here means to stop
 * believing its reply, not to undo what it did: others may rightly have seen its
 * write. So an operation is taken out of a history by making it one that never
 * returned, which may have happened at any time after its call, or not at all. That
 * only ever allows more; to delete a write that others saw would make liars of them.
 *
 * 1. *When.* Replies are believed in the order in which they arrived. The shortest
 *    beginning that is not linearizable ends with the {@linkcode Conflict.last} reply:
 *    whatever returned later is not needed to see that something is wrong, and is
 *    never accused.
 * 2. *What.* Of the replies up to there, those are taken out that are not needed for a
 *    contradiction. What remains are the {@linkcode Conflict.replies}, none of which
 *    can be missed.
 * 3. *Who.* For each of them: would the history go on well if only its result were
 *    wrong, or if it had never been done, or (for a write) if it took effect once
 *    more? The suspicion under which the history goes on for longest is the best.
 *    One operation alone that comes out best is the culprit. If several do equally
 *    well, the history does not tell which of them is wrong, and no single one is
 *    accused.
 *
 * The work is bounded by a number of steps, not by a clock, so that the same history
 * gets the same answer. Where the bound is reached, what is known so far is returned: a
 * larger subset, or no suspects.
 *
 * @module
 */

import { believing, type Change, type Suspect } from "./believing.ts";
import { bisect } from "./bisect.ts";
import { check, type PartResult } from "./check.ts";
import type { Model, Timed } from "./model.ts";
import type { TimeLimit } from "./pace.ts";

export type { Fault, Suspect } from "./believing.ts";

/** Operations that contradict each other. */
export interface Conflict<Op> {
  /** The operations whose replies contradict each other, in the order of their returns. */
  readonly replies: readonly Op[];
  /** Those, and the writes whose values they found, in the order of their calls. By
   * themselves they are not linearizable. */
  readonly subset: readonly Op[];
  /** The last of the replies to arrive: up to then the history is linearizable. */
  readonly last: Op;
  /** True if none of the replies can be missed; false if that could not be decided. */
  readonly isMinimal: boolean;
  /** The operations that explain it equally well; empty if the work was cut short. */
  readonly suspects: readonly Suspect<Op>[];
  /** The order of the operations up to the one that does not fit. */
  readonly order: readonly Op[];
  /** The one that does not fit after those. */
  readonly stuck: Op;
}

/** A bound on work that is no clock, so that the same history gets the same answer on every
 * machine. All searches that are given the same object share it. */
export interface Work {
  /** The number of steps left, of about a tenth of a microsecond each. */
  stepsLeft: number;
}

/** The options of a search for conflicts. */
export interface ConflictOptions<Op> extends TimeLimit {
  /** The work that may be spent. */
  work?: Work;
  /** Selects the writes whose values some replies show.
   *
   * @param writes Operations that change something.
   * @param replies Operations whose results are believed. */
  shownBy?(writes: readonly Op[], replies: readonly Op[]): readonly Op[];
  /** Returns true if a write may have taken effect twice, as far as some replies tell. */
  mayBeTwice?(write: Op, replies: readonly Op[]): boolean;
}

const WORK_STEPS = 3_000_000;
/** The steps of a check for each operation, without its search. */
const STEPS_PER_OPERATION = 12;
/** The steps of a search between two questions whether it is over. */
const STEPS_PER_QUESTION = 10_000;
/** The number of configurations that one check may keep. */
const CONFIGURATIONS_MAX = 5_000;
/** The number of writes that can be suspected of taking effect twice. */
const TWICE_MAX = 64;

/** Returns the work that one explanation may take. */
export function newWork(): Work {
  return { stepsLeft: WORK_STEPS };
}

/** Finds the operations that contradict each other first.
 *
 * @param model A model that can forget results.
 * @param part A part that is not linearizable.
 * @returns `undefined` if the model cannot, or nothing could be found in time.
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
  /** Those that returned, in the order of their returns. */
  readonly #returned: readonly Op[];
  readonly #options: ConflictOptions<Op>;
  readonly #work: Work;
  /** True if a check could not decide. */
  #isUnsure = false;

  constructor(
    model: Model<Op, State>,
    operations: readonly Op[],
    options: ConflictOptions<Op>,
  ) {
    this.#model = model;
    this.#operations = operations;
    this.#options = options;
    this.#work = options.work ?? newWork();
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

  /** Returns the number of replies, in the order of arrival, that are the first not to
   * be linearizable: `undefined` if all are, or if that could not be found out.
   *
   * @param well A number of replies that are linearizable. */
  #firstWrong(well: number, change: Change<Op>): number | undefined {
    const all = this.#returned.length;
    const isWrong = (count: number) => this.#areWrong(count, change);
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

  /** Takes out whatever is not needed to contradict the last reply: first many at once,
   * then ever fewer. */
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

  /** The writes that left behind exactly what a reply found. */
  readonly #writersOfReads = (writes: readonly Op[], replies: readonly Op[]): readonly Op[] => {
    const found = new Set(replies.map((reply) => this.#model.access?.(reply)?.reads));
    found.delete(undefined);
    return writes.filter((write) => found.has(this.#model.access?.(write)?.writes));
  };

  /** The operations that explain the conflict for longest. */
  #suspects(replies: readonly Op[], shown: readonly Op[], count: number): Suspect<Op>[] {
    let best = 0;
    let suspects: Suspect<Op>[] = [];
    const { mayBeTwice = () => true } = this.#options;
    const writes = new Set([...replies, ...shown].filter((operation) => {
      return this.#model.isRead?.(operation) !== true && mayBeTwice(operation, replies);
    }));
    // Nobody is accused while others were not looked at.
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
      // A wrong result says less than that it was not done, if it explains as much.
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

  /** Returns true if the first replies to arrive are not linearizable. */
  #areWrong(count: number, change: Change<Op>): boolean {
    return this.#isWrong(this.#returned.slice(0, count), change);
  }

  /** Returns true if believing just these replies is certainly wrong. */
  #isWrong(replies: readonly Op[], change?: Change<Op>): boolean {
    const history = believing(this.#model, this.#operations, replies, change);
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

  /** The order of the operations up to one that does not fit. */
  #orderUpTo(stuck: Op, count: number): Op[] {
    const replies = this.#returned.slice(0, count).filter((reply) => reply !== stuck);
    if (replies.length === 0) return [];
    const history = believing(this.#model, this.#operations, replies, undefined);
    const part = this.#check([...history.keys()]);
    if (part === undefined) return [];
    const order = part.order.map((place) => history.get(part.operations[place]!)!);
    const end = order.indexOf(stuck);
    return end < 0 ? order : order.slice(0, end);
  }
}
