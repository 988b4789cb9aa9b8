/**
 * Decides without search a history in which every state is written once, after Gibbons and Korach
 * (1997), who decide registers in this way. Here, an operation may also read and write in one step.
 *
 * In any linearization, the writer of a state is followed by its readers. An operation that read one
 * state and wrote another ties the two together. So states form blocks, each begun by a blind write
 * or by the initial state. It remains to see if each block fits into real time, and if the blocks fit
 * together: a block has to come before another if one of its operations returned before one of the
 * other was called. Only two blocks at a time can contradict each other, which sorting finds.
 *
 * It takes O(n log n) time and O(n) space.
 *
 * @module
 */

import { bisect } from "../bisect.ts";
import { type AnyProblem, NONE } from "./problem.ts";

/** A reason why no order is possible, with the indexes of the operations that show it. */
export type Contradiction =
  /** An operation found a state that no operation wrote. */
  | { kind: "nowhere"; read: number }
  /** Two operations replaced the same state. */
  | { kind: "fork"; one: number; other: number }
  /** States follow one another in a circle. */
  | { kind: "circle"; read: number }
  /** `late` was called after `early` returned, but found or wrote an older state. */
  | { kind: "time"; early: number; late: number }
  /** Each of two reads found a state that was replaced before the other was called. */
  | { kind: "orders"; late: readonly [number, number] };

/** A decision. */
export type Decision =
  | { linearizable: true; order: number[] }
  | { linearizable: false; contradiction: Contradiction };

/** Decides a history in which every state is written once.
 *
 * @returns `undefined` if the operations do not show that.
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

/** Operations that follow each other in any linearization. */
interface Block {
  operations: number[];
  /** The time of the first return, and the operation. */
  returned: number;
  returnedBy: number;
  /** The time of the last call, and the operation. */
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
  /** The first two operations of a block whose times contradict their order. */
  reversed: Contradiction | undefined;
  /** True if operations were left out, which may explain what seems impossible. */
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
      // The initial state counts as written first.
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

  /** Finds a contradiction in the states alone. */
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

  /** Finds an operation in no block: its states follow one another in a circle. */
  outside(): Contradiction | undefined {
    const { reads } = this.#problem;
    const read = reads.findIndex((state, i) => state !== NONE && this.#isInBlock[i] === 0);
    return read < 0 ? undefined : { kind: "circle", read };
  }

  /** Returns true if a state need not have occurred. */
  #isUnseen(state: number): boolean {
    return this.#problem.returns[this.#writer[state]!] === Infinity &&
      this.#readers[state]!.length === 0 && this.#replacer[state] === NONE;
  }

  /** Makes the block that begins with a state. */
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

/** Sorts blocks so that they keep real time.
 *
 * @returns The contradiction if they cannot. */
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

/** Names the operations of two blocks that each have to come before the other. */
function clash(one: Block, other: Block): Contradiction {
  const wasCalledLate = (block: Block) => block.calledBy !== block.operations[0];
  if (one.calledBy !== NONE && wasCalledLate(one) && wasCalledLate(other)) {
    return { kind: "orders", late: [one.calledBy, other.calledBy] };
  }
  return one.calledBy !== NONE
    ? { kind: "time", early: other.returnedBy, late: one.calledBy }
    : { kind: "time", early: one.returnedBy, late: other.calledBy };
}
