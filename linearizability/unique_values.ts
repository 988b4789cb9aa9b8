/**
 * Deciding without search, where every written state is written once: then each
 * state that somebody saw tells who wrote it, and the order of all operations is
 * forced as far as it matters. After Gibbons and Korach (1997), who decide registers
 * in this way; here, an operation may read and write in one step.
 *
 * Operations that belong to one state stand together in any linearization: its
 * writer, then everybody who read it. An operation that read one state and wrote
 * another ties the two together, so that states form blocks, each begun by a blind
 * write, or by the initial state. What remains is to see whether each block fits into
 * real time, and whether the blocks do among one another: a block must come before
 * another if one of its operations returned before one of the other's was called.
 * That is a contradiction only between two blocks at a time, which sorting finds.
 *
 * It takes O(n log n) time and O(n) space.
 *
 * @module
 */

import { bisect } from "./bisect.ts";
import { type AnyProblem, NONE } from "./problem.ts";

/** A reason why no order is possible, with the operations that show it. */
export type Contradiction =
  /** An operation found a state that nobody wrote. */
  | { kind: "nowhere"; read: number }
  /** Two operations that each replaced a state found the same one. */
  | { kind: "fork"; one: number; other: number }
  /** States follow one another in a circle. */
  | { kind: "circle"; read: number }
  /** `late` was called after `early` returned, but found or made an older state. */
  | { kind: "time"; early: number; late: number }
  /** Two reads, each of a state that had to be over when the other one was called. */
  | { kind: "orders"; late: readonly [number, number] };

/** A decision. */
export type Decision =
  | { linearizable: true; order: number[] }
  | { linearizable: false; contradiction: Contradiction };

/** Decides a history in which every state is written once.
 *
 * @returns `undefined` where that is not so, or where the operations do not show it.
 * @throws {OutOfTime} There is no time left.
 */
export function decideUnique(problem: AnyProblem): Decision | undefined {
  const { pace, size } = problem;
  pace.spend(size);
  const chains = Chains.of(problem);
  if (chains === undefined) return undefined;
  const contradiction = chains.contradiction();
  if (contradiction !== undefined) return chains.refuse(contradiction);
  pace.spend(size);
  const blocks = chains.blocks();
  const wrong = chains.outside() ?? chains.reversed;
  if (wrong !== undefined) return chains.refuse(wrong);
  pace.spend(size);
  const between = orderBlocks(blocks);
  return between === undefined
    ? { linearizable: true, order: blocks.flatMap(({ operations }) => operations) }
    : chains.refuse(between);
}

/** Operations that must stand together, in their order. */
interface Block {
  operations: number[];
  /** The first return in it, and whose. */
  returned: number;
  returnedBy: number;
  /** The last call in it, and whose. */
  called: number;
  calledBy: number;
}

/** The operations that wrote, read and replaced each state. */
class Chains {
  readonly #problem: AnyProblem;
  readonly #writer: Int32Array;
  readonly #replacer: Int32Array;
  readonly #readers: number[][];
  readonly #isInBlock: Uint8Array;
  #fork: Contradiction | undefined;
  /** The first two operations of one block whose times reverse their order. */
  reversed: Contradiction | undefined;
  /** True if operations were left out that may explain more. */
  #incomplete = false;

  private constructor(problem: AnyProblem) {
    this.#problem = problem;
    this.#writer = new Int32Array(problem.stateCount).fill(NONE);
    this.#replacer = new Int32Array(problem.stateCount).fill(NONE);
    this.#isInBlock = new Uint8Array(problem.size);
    this.#readers = Array.from({ length: problem.stateCount }, () => []);
  }

  static of(problem: AnyProblem): Chains | undefined {
    const chains = new Chains(problem);
    for (let i = 0; i < problem.size; i++) if (!chains.#add(i)) return undefined;
    return chains;
  }

  #add(i: number): boolean {
    const { known, reads, writes, returns } = this.#problem;
    if (known[i] === 0) {
      this.#incomplete ||= returns[i] === Infinity;
      return returns[i] === Infinity;
    }
    const [read, written] = [reads[i]!, writes[i]!];
    if (written !== NONE) {
      // The initial state counts as written before everything else.
      if (written === 0 || this.#writer[written] !== NONE) return false;
      this.#writer[written] = i;
    }
    if (read !== NONE && written === NONE) this.#readers[read]!.push(i);
    if (read !== NONE && written !== NONE) {
      const other = this.#replacer[read]!;
      if (other !== NONE) this.#fork ??= { kind: "fork", one: other, other: i };
      this.#replacer[read] = i;
    }
    return true;
  }

  refuse(contradiction: Contradiction): Decision | undefined {
    return this.#incomplete ? undefined : { linearizable: false, contradiction };
  }

  /** Returns what is wrong with the states, whatever the times. */
  contradiction(): Contradiction | undefined {
    for (let state = 1; state < this.#writer.length; state++) {
      if (this.#writer[state] !== NONE) continue;
      const [reader = this.#replacer[state]!] = this.#readers[state]!;
      if (reader !== NONE) return { kind: "nowhere", read: reader };
    }
    return this.#fork;
  }

  blocks(): Block[] {
    const { reads } = this.#problem;
    const blocks = [this.#block(0)];
    for (let state = 1; state < this.#writer.length; state++) {
      const writer = this.#writer[state]!;
      if (writer === NONE || reads[writer] !== NONE || this.#isUnseen(state)) continue;
      blocks.push(this.#block(state));
    }
    return blocks;
  }

  /** Finds an operation that belongs to no block: its states have no beginning. */
  outside(): Contradiction | undefined {
    const { reads } = this.#problem;
    const read = reads.findIndex((state, i) => state !== NONE && this.#isInBlock[i] === 0);
    return read < 0 ? undefined : { kind: "circle", read };
  }

  /** Returns true if a state need never have been there. */
  #isUnseen(state: number): boolean {
    return this.#problem.returns[this.#writer[state]!] === Infinity &&
      this.#readers[state]!.length === 0 && this.#replacer[state] === NONE;
  }

  /** The block that begins with a state. */
  #block(root: number): Block {
    const { calls, returns, writes } = this.#problem;
    const initial = { returned: -Infinity, returnedBy: NONE, called: -Infinity, calledBy: NONE };
    const block: Block = { operations: [], ...initial };
    const add = (group: readonly number[]) => {
      for (const early of group) {
        if (returns[early]! >= block.called) continue;
        this.reversed ??= { kind: "time", early, late: block.calledBy };
      }
      for (const i of group) {
        if (returns[i]! < block.returned) [block.returned, block.returnedBy] = [returns[i]!, i];
        if (calls[i]! > block.called) [block.called, block.calledBy] = [calls[i]!, i];
        block.operations.push(i);
        this.#isInBlock[i] = 1;
      }
    };
    if (root !== 0) {
      block.returned = Infinity;
      add([this.#writer[root]!]);
    }
    for (let state = root;;) {
      add(this.#readers[state]!);
      const replacer = this.#replacer[state]!;
      if (replacer === NONE) return block;
      add([replacer]);
      state = writes[replacer]!;
    }
  }
}

/** Sorts blocks so that real time is kept, if it can be. */
function orderBlocks(blocks: Block[]): Contradiction | undefined {
  const isForward = ({ returned, called }: Block) => returned < called;
  const forward = blocks.filter(isForward).sort((a, b) => a.returned - b.returned);
  for (let k = 1; k < forward.length; k++) {
    if (forward[k]!.returned < forward[k - 1]!.called) return clash(forward[k - 1]!, forward[k]!);
  }
  for (const block of blocks) {
    if (isForward(block)) continue;
    // The last forward block that has to come before this one.
    const around = forward[bisect(forward.length, (k) => forward[k]!.returned >= block.called) - 1];
    if (around !== undefined && block.returned < around.called) return clash(around, block);
  }
  const place = (block: Block) => Math.max(block.returned, block.called);
  blocks.sort((a, b) => {
    return place(a) === place(b)
      ? Number(isForward(b)) - Number(isForward(a))
      : place(a) < place(b)
      ? -1
      : 1;
  });
  return undefined;
}

/** Two blocks that each must come before the other. */
function clash(one: Block, other: Block): Contradiction {
  const wasCalledLate = (block: Block) => block.calledBy !== block.operations[0];
  if (one.calledBy !== NONE && wasCalledLate(one) && wasCalledLate(other)) {
    return { kind: "orders", late: [one.calledBy, other.calledBy] };
  }
  return one.calledBy !== NONE
    ? { kind: "time", early: other.returnedBy, late: one.calledBy }
    : { kind: "time", early: one.returnedBy, late: other.calledBy };
}
