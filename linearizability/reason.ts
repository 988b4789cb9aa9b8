/**
 * Why a history of a key/value store is not linearizable, in one sentence.
 *
 * The words are made from the operations that contradict each other first, see
 * `conflict.ts`, and from nothing else: an operation that returned later, or that is
 * not needed for the contradiction, is never named. One operation is accused alone
 * only if it alone explains the rest of the history best. Otherwise the sentence names
 * what contradicts what, and leaves open which of them is wrong.
 *
 * @module
 */

import { check, type CheckResult, type PartResult } from "./check.ts";
import {
  type Conflict,
  type ConflictOptions,
  findConflict,
  type Suspect,
  Work,
} from "./conflict.ts";
import type { Operation } from "./history.ts";
import { kv } from "./kv.ts";
import type { Model, Timed } from "./model.ts";
import { inTime, Pace } from "./pace.ts";
import { PrefixCode } from "./prefix_code.ts";
import { seenOutput } from "./unseen_appends.ts";

/** The kinds of reasons. */
export type ReasonKind =
  | "stale read"
  | "lost write"
  | "stale read or lost write"
  | "append executed twice"
  | "put executed twice"
  | "wrong result of an append"
  | "value from nowhere"
  | "order of two writes reversed"
  | "contradiction";

/** One reason, and the operations that show it. */
export interface Reason {
  readonly kind: ReasonKind;
  /** One sentence. */
  readonly sentence: string;
  /** The operations that the sentence names, the one first that cannot be; then the
   * others without which there is no contradiction. */
  readonly operations: readonly Operation[];
  /** The operations that contradict each other, if they were found in time. */
  readonly conflict?: Conflict<Operation>;
}

/** How long a reason may be searched for. */
export type ReasonOptions = Pick<ConflictOptions<Operation>, "isOver" | "work">;

/** Finds the reason of a part that is not linearizable.
 *
 * @returns `undefined` where nothing is known but that it is not linearizable.
 */
export function reasonOf(
  part: PartResult<Operation>,
  options: ReasonOptions = {},
): Reason | undefined {
  const conflict = findConflict(kv, part, { ...options, shownBy: writesWithin, mayBeTwice });
  if (conflict === undefined) return inTime(() => usualReason(part, new Pace(options.isOver)));
  const { operations: named, ...words } = tooEarly(conflict, part) ?? wordsOf(conflict);
  const rest = conflict.subset.filter((operation) => !named.includes(operation));
  return { ...words, operations: [...named, ...rest], conflict };
}

/** What explains a part that is not linearizable. */
export interface Explanation<Op> {
  /** The operations that contradict each other. */
  readonly conflict?: Conflict<Op>;
  /** The words for it, which only histories of a key/value store have. */
  readonly reason?: Reason;
}

/** Explains every part that is not linearizable. All together take no longer than one
 * may.
 *
 * @returns The explanations by their parts. */
export function explainParts<Op extends Timed, State>(
  model: Model<Op, State>,
  { parts }: CheckResult<Op>,
  { isOver }: Pick<ReasonOptions, "isOver"> = {},
): Map<PartResult<Op>, Explanation<Op>> {
  const options = { work: new Work(), ...isOver && { isOver } };
  const isStore = model as unknown === kv;
  const wrong = parts.filter(({ verdict }) => verdict === "not linearizable");
  return new Map(wrong.map((part): [PartResult<Op>, Explanation<Op>] => {
    if (!isStore) {
      const conflict = findConflict(model, part, options);
      return [part, conflict === undefined ? {} : { conflict }];
    }
    const reason = reasonOf(part as unknown as PartResult<Operation>, options);
    if (reason === undefined) return [part, {}];
    const conflict = reason.conflict as unknown as Conflict<Op> | undefined;
    return [part, conflict === undefined ? { reason } : { reason, conflict }];
  }));
}

/** Selects the writes whose values are part of what somebody found. */
function writesWithin(
  writes: readonly Operation[],
  replies: readonly Operation[],
): readonly Operation[] {
  const found = replies.flatMap((reply) => seenOutput(reply) ?? []);
  return writes.filter(({ value }) => {
    return value !== undefined && value !== "" && found.some((text) => text.includes(value));
  });
}

/** Returns true if a write may have taken effect twice: of an append, values tell. Found
 * once, it may stand behind a put that had replaced it. */
function mayBeTwice({ op, value }: Operation, replies: readonly Operation[]): boolean {
  return op === "put" || value !== "" && replies.some((reply) => {
        return seenOutput(reply)?.includes(value!) === true;
      });
}

type Words = Pick<Reason, "kind" | "sentence" | "operations">;

/** Accuses an operation that found what was written only after it had returned. */
function tooEarly(
  { suspects, last }: Conflict<Operation>,
  { operations }: PartResult<Operation>,
): Words | undefined {
  const found = seenOutput(last);
  if (!found || suspects.some(({ operation }) => operation !== last)) return undefined;
  const late = operations.find(({ value, call }) => {
    return value && call > last.return! && found.endsWith(value);
  });
  return late && time(last, late);
}

/** Puts a conflict into words. */
function wordsOf(conflict: Conflict<Operation>): Words {
  const { suspects, subset } = conflict;
  const usual = usualOf(conflict);
  const [suspect] = suspects;
  if (suspects.length === 1) {
    const words = culpritWords(conflict, suspect!, usual);
    if (words !== undefined) return words;
  }
  const put = suspects.find(({ operation, isWithin }) => operation.op === "put" && isWithin);
  const older = usual?.kind !== "value from nowhere" && seenAgain(conflict, put);
  if (put !== undefined && older) {
    return {
      kind: "put executed twice",
      sentence: `${call(older)} found ${quote(older.output!)} again, after it had been replaced: ` +
        `${call(put.operation)} took effect twice, or an older value was read`,
      operations: [older, put.operation],
    };
  }
  const isNamed = (operation: Operation) => {
    return suspects.some((suspect) => suspect.operation === operation);
  };
  if (usual !== undefined && (suspects.length === 0 || usual.operations.some(isNamed))) {
    if (suspects.length === 1) return usual;
    // It may be right, and an earlier result wrong.
    if (usual.kind !== "value from nowhere" || suspects.length === 0) return openWords(usual);
  }
  if (suspects.length > 0 && suspects.length <= SUSPECTS_MAX) return oneOf(suspects);
  return {
    kind: "contradiction",
    sentence: `No single operation is to blame: these ${subset.length} contradict each other`,
    operations: [],
  };
}

/** The number of suspects that a sentence names. */
const SUSPECTS_MAX = 3;

/** Names several operations of which any may be wrong. */
function oneOf(suspects: readonly Suspect<Operation>[]): Words {
  const texts = suspects.map(({ operation, fault }) => {
    if (fault === "twice") return `${call(operation)} took effect twice`;
    if (fault === "reply") return `${call(operation)} was lost`;
    return `${call(operation)} returned a wrong result, ${quote(operation.output!)}`;
  });
  return {
    kind: "contradiction",
    sentence: `Either ${texts.join(", or ")}`,
    operations: suspects.map(({ operation }) => operation),
  };
}

/** Accuses a write alone that was not done when it returned. */
function undone(write: Operation, usual: Words | undefined): Words {
  const other = usual?.kind === "lost write"
    ? usual.operations.find((operation) => operation !== write)
    : undefined;
  const why = other === undefined
    ? "the other results show that it had not taken effect when it returned"
    : `${call(other)} found the same value`;
  return {
    kind: "lost write",
    sentence: `${call(write)} was lost: ${why}`,
    operations: other === undefined ? [write] : [write, other],
  };
}

/** Leaves open which of two operations is wrong. */
function openWords(usual: Words): Words {
  const [read, write] = usual.operations;
  if (usual.kind === "stale read") return { ...usual, kind: "stale read or lost write" };
  if (usual.kind !== "lost write" || !usual.sentence.includes(" was lost: ")) return usual;
  return {
    ...usual,
    kind: "stale read or lost write",
    sentence: `${call(read!)} did not see ${call(write!)}, which had returned before it was called`,
  };
}

/** The usual reason that the operations of a conflict show by themselves. */
function usualOf({ subset, replies }: Conflict<Operation>): Words | undefined {
  const originals = new Map<Operation, Operation>();
  for (const operation of subset) {
    const shown = replies.includes(operation)
      ? operation
      : { ...kv.forget!(operation), return: null };
    originals.set(shown, operation);
  }
  const [part] = check(kv, [...originals.keys()]).parts;
  const usual = part && usualReason(part);
  return usual && {
    ...usual,
    operations: usual.operations.map((operation) => originals.get(operation)!),
  };
}

/** Accuses one operation alone. */
function culpritWords(
  conflict: Conflict<Operation>,
  { operation, fault }: Suspect<Operation>,
  usual: Words | undefined,
): Words | undefined {
  const { last, replies } = conflict;
  if (fault === "twice") {
    const kind = operation.op === "put" ? "put executed twice" : "append executed twice";
    return { ...executedTwice(last, operation), kind };
  }
  if (fault === "reply") {
    return operation !== last && last.call > operation.return!
      ? missed(last, operation)
      : undone(operation, usual);
  }
  if (operation.op === "get") {
    const isStale = usual?.kind === "stale read" && usual.operations[0] === operation;
    return isStale ? usual : unseen(conflict, operation) ?? unknownValue(operation);
  }
  const isOwn = usual?.kind === "append executed twice" && usual.operations[0] === operation;
  if (isOwn && operation.output!.includes(operation.value!)) return usual;
  const earlier = replies.find((other) => {
    return other.op !== "get" && other.return! < operation.call &&
      !operation.output!.includes(other.value!);
  });
  const why = earlier === undefined
    ? "although the other results show that it found something else"
    : `although ${call(earlier)} had returned before it was called`;
  return {
    kind: "wrong result of an append",
    sentence: `${call(operation)} returned ${quote(operation.output!)}, ${why}`,
    operations: earlier === undefined ? [operation] : [operation, earlier],
  };
}

/** Accuses a read that lacks an append, where no put can have replaced it. */
function unseen({ subset }: Conflict<Operation>, read: Operation): Words | undefined {
  if (subset.some(({ op }) => op === "put")) return undefined;
  const missing = subset.find((other) => {
    return other.op === "append" && other.return !== null && other.return < read.call &&
      !read.output!.includes(other.value!);
  });
  if (missing === undefined) return undefined;
  return {
    kind: "stale read",
    sentence: `${call(read)} did not see ${call(missing)}, which had returned before it was called`,
    operations: [read, missing],
  };
}

/** The last operation that found what a put wrote, if another write had replaced it. */
function seenAgain(
  { replies }: Conflict<Operation>,
  put: Suspect<Operation> | undefined,
): Operation | undefined {
  const value = put?.operation.value;
  return replies.findLast((reply) => value !== undefined && seenOutput(reply) === value);
}

/** Finds the usual reason that a contradiction shows. */
function usualReason(
  { contradiction, operations }: PartResult<Operation>,
  pace = new Pace(),
): Words | undefined {
  // What remains takes a few passes over the operations.
  pace.spend(operations.length);
  switch (contradiction?.kind) {
    case "nowhere":
      return nowhere(operations[contradiction.read]!, operations, pace);
    case "fork":
      return lost(operations[contradiction.one]!, operations[contradiction.other]!);
    case "time":
      return time(operations[contradiction.early]!, operations[contradiction.late]!);
    case "orders": {
      const [one, other] = contradiction.late;
      return twoOrders(operations[one]!, operations[other]!);
    }
    default:
      return undefined;
  }
}

/** Somebody found a value that nobody left behind. */
function nowhere(shown: Operation, operations: readonly Operation[], pace: Pace): Words {
  // What an append found that nobody saw is known from somebody who found its value.
  const read = seenOutput(shown) === undefined
    ? operations.find((operation) => seenOutput(operation)?.includes(shown.value!))!
    : shown;
  const found = read.output!;
  const code = PrefixCode.of(operations, pace);
  const parts = code?.takeApart(found) ?? [];
  const writers = parts.map(({ writer }) => writer);
  const twice = writers.find((writer, i) => writers.indexOf(writer) < i);
  if (twice !== undefined) return executedTwice(read, twice);
  if (writers.includes(read)) {
    return {
      kind: "append executed twice",
      sentence: `${call(read)} found its own value: it was executed twice, ` +
        "or answered with the new value",
      operations: [read],
    };
  }
  const last = parts.at(-1);
  const isWhole = last !== undefined && last.start + last.writer.value!.length === found.length;
  if (code !== undefined && isWhole && operations.every(({ op }) => op !== "put")) {
    const other = operations.find((operation) => {
      pace.spend();
      return code.takeApart(seenOutput(operation) ?? "").some(({ writer, start }) => {
        return start > 0 && writer === writers[0];
      });
    });
    if (other !== undefined) return twoOrders(read, other);
    // An append that returned before the read was called, by which its value went astray.
    const missing = operations.find((operation) => {
      const { op, return: returned } = operation;
      return op === "append" && returned !== null && returned < read.call &&
        !writers.includes(operation);
    });
    if (missing !== undefined) return missed(read, missing);
  }
  return unknownValue(read);
}

function unknownValue(read: Operation): Words {
  return {
    kind: "value from nowhere",
    sentence: `${call(read)} saw a value that no order of the writes leads to`,
    operations: [read],
  };
}

function executedTwice(read: Operation, twice: Operation): Words {
  return {
    kind: "append executed twice",
    sentence: `${call(twice)} was executed twice`,
    operations: [read, twice],
  };
}

function twoOrders(one: Operation, other: Operation): Words {
  const [first, second] = calls(one, other);
  return {
    kind: "order of two writes reversed",
    sentence: `${first} and ${second} saw the writes in two different orders`,
    operations: [one, other],
  };
}

function missed(read: Operation, missing: Operation): Words {
  return {
    kind: "lost write",
    sentence: `${call(missing)} was lost: ${call(read)} was called after it returned, ` +
      "and did not see it",
    operations: [read, missing],
  };
}

function lost(one: Operation, other: Operation): Words {
  return {
    kind: "lost write",
    sentence: `${call(one)} and ${call(other)} found the same value: one of them was lost`,
    operations: [other, one],
  };
}

function time(early: Operation, late: Operation): Words {
  const [before, after] = calls(early, late);
  const operations = [late, early];
  if (late.op === "get") {
    const did = early.op === "get" ? "found" : "written";
    const sentence = `${after} found an older value than ${before} had ${did} ` +
      "before it was called";
    return { kind: "stale read", sentence, operations };
  }
  if (seenOutput(early)?.endsWith(late.value!)) {
    const sentence = `${before} saw what ${after} wrote, and had returned before that was called`;
    return { kind: "value from nowhere", sentence, operations: [early, late] };
  }
  if (early.op !== "get") {
    const sentence = `${after} took effect before ${before}, ` +
      "which had returned before it was called";
    return { kind: "order of two writes reversed", sentence, operations };
  }
  const sentence = `${after} took effect before what ${before} had found ` +
    "before it was called";
  return { kind: "order of two writes reversed", sentence, operations };
}

/** Two calls, told apart by their clients where nothing else does. */
function calls(one: Operation, other: Operation): [string, string] {
  const texts: [string, string] = [call(one), call(other)];
  if (texts[0] !== texts[1]) return texts;
  return [`${texts[0]} of client ${one.client}`, `${texts[1]} of client ${other.client}`];
}

/** A call without its result, with a readable length. */
function call({ op, key, value }: Operation): string {
  const args = value === undefined ? [JSON.stringify(key)] : [JSON.stringify(key), quote(value)];
  return `${op}(${args.join(", ")})`;
}

/** A value in quotes, with a readable length. */
function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}…` : text);
}
