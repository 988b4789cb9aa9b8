/**
 * The reason why a history of a key/value store is not linearizable, in one sentence.
 *
 * The sentence names only operations of the first contradiction, see `conflict.ts`. It accuses one
 * operation alone only if that operation alone explains the history best. Otherwise it names what
 * contradicts what, and leaves open which is wrong.
 *
 * @module
 */

import { call, quote } from "./call_text.ts";
import { check, type PartResult } from "../check.ts";
import { type Conflict, type ConflictOptions, findConflict, type Suspect } from "./conflict.ts";
import { foundBy, type Operation } from "../history.ts";
import { kv } from "../models/kv.ts";
import { inTime, Pace } from "../pace.ts";
import {
  executedTwice,
  missed,
  type ReasonKind,
  say,
  time,
  unknownValue,
  unnoticed,
  usualReason,
  type Words,
} from "./usual_reason.ts";

export type { ReasonKind };

/** One reason, and the operations that show it. */
export interface Reason {
  readonly kind: ReasonKind;
  /** One sentence. */
  readonly sentence: string;
  /** The operations that the sentence names, first the one that does not fit, then the others of the
   * contradiction. */
  readonly operations: readonly Operation[];
  /** The contradiction, if it was found in time. */
  readonly conflict?: Conflict<Operation>;
}

/** The limits on the search for a reason. */
export type ReasonOptions = Pick<ConflictOptions<Operation>, "isOver" | "work">;

/** Finds the reason of a part that is not linearizable.
 *
 * @returns `undefined` if none was found in time.
 */
export function reasonOf(
  part: PartResult<Operation>,
  options: ReasonOptions = {},
): Reason | undefined {
  const hasPut = part.operations.some(({ op }) => op === "put");
  const conflict = findConflict(kv, part, {
    ...options,
    shownBy: writesWithin,
    mayBeTwice: (write, replies) => mayBeTwice(write, replies, hasPut),
  });
  if (conflict === undefined) {
    const usual = inTime(() => usualReason(part, new Pace(options.isOver)));
    return usual && openWords(usual);
  }
  const { operations: named, kind, sentence } = tooEarly(conflict, part) ?? wordsOf(conflict);
  const rest = conflict.subset.filter((operation) => !named.includes(operation));
  return { kind, sentence, operations: [...named, ...rest], conflict };
}

/** Returns the writes whose values are part of what a reply found. */
function writesWithin(
  writes: readonly Operation[],
  replies: readonly Operation[],
): readonly Operation[] {
  const found = replies.flatMap((reply) => foundBy(reply) ?? []);
  return writes.filter(({ value }) => {
    return value !== undefined && value !== "" && found.some((text) => text.includes(value));
  });
}

/** Returns true if a write may have taken effect twice. An append shows that in the values found,
 * unless a put may have replaced its first effect. */
function mayBeTwice(
  { op, value }: Operation,
  replies: readonly Operation[],
  hasPut: boolean,
): boolean {
  return op === "put" || value !== "" && replies.some((reply) => {
        const found = foundBy(reply) ?? "";
        const first = found.indexOf(value!);
        return first >= 0 && (hasPut || found.includes(value!, first + 1));
      });
}

/** Accuses an operation that found what was written after it had returned. */
function tooEarly(
  { suspects, last }: Conflict<Operation>,
  { operations }: PartResult<Operation>,
): Words | undefined {
  const found = foundBy(last);
  if (!found || suspects.some(({ operation }) => operation !== last)) return undefined;
  const writers = operations.filter(({ value }) => value && found.endsWith(value));
  const isEarly = writers.length > 0 && writers.every(({ call }) => call > last.return!);
  return isEarly ? time(last, writers[0]!) : undefined;
}

/** Puts a conflict into words. */
function wordsOf(conflict: Conflict<Operation>): Words {
  const { suspects, subset } = conflict;
  const usual = usualOf(conflict);
  if (suspects.length === 1) return culpritWords(conflict, suspects[0]!, usual);
  const put = suspects.find(({ operation, isWithin }) => operation.op === "put" && isWithin);
  const older = usual?.kind !== "value from nowhere" && lastToFind(conflict, put);
  if (put !== undefined && older) {
    const sentence = `${call(older)} found ${quote(older.output!)} again, after it had been ` +
      `replaced: ${call(put.operation)} took effect twice, or an older value was read`;
    return say("put executed twice", sentence, older, put.operation);
  }
  const isNamed = (operation: Operation) => {
    return suspects.some((suspect) => suspect.operation === operation);
  };
  if (usual !== undefined && (suspects.length === 0 || usual.operations.some(isNamed))) {
    // The value may be right, and an earlier result wrong.
    if (usual.kind !== "value from nowhere" || suspects.length === 0) return openWords(usual);
  }
  if (suspects.length > 0 && suspects.length <= SUSPECTS_MAX) return oneOf(suspects);
  return say(
    "contradiction",
    `No single operation is to blame: these ${subset.length} contradict each other`,
  );
}

/** The maximum number of suspects in a sentence. */
const SUSPECTS_MAX = 3;

/** Names several operations of which any may be wrong. */
function oneOf(suspects: readonly Suspect<Operation>[]): Words {
  const texts = suspects.map(({ operation, fault }) => {
    if (fault === "twice") return `${call(operation)} took effect twice`;
    if (fault === "reply") return `${call(operation)} was lost`;
    return `${call(operation)} returned a wrong result, ${quote(operation.output!)}`;
  });
  const operations = suspects.map(({ operation }) => operation);
  return say("contradiction", `Either ${texts.join(", or ")}`, ...operations);
}

/** Accuses a write that had not taken effect when it returned. */
function undone(write: Operation, usual: Words | undefined): Words {
  const other = usual?.kind === "lost write"
    ? usual.operations.find((operation) => operation !== write)
    : undefined;
  const lost = `${call(write)} was lost`;
  if (other !== undefined) {
    return say("lost write", `${lost}: ${call(other)} found the same value`, write, other);
  }
  const why = "the other results show that it had not taken effect when it returned";
  return say("lost write", `${lost}: ${why}`, write);
}

/** Returns the words that leave open which operation is wrong. */
function openWords({ open, ...words }: Words): Words {
  return { ...words, ...open };
}

/** Returns the usual reason that the operations of a conflict show without the others. */
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

/** Accuses one operation. */
function culpritWords(
  conflict: Conflict<Operation>,
  { operation, fault }: Suspect<Operation>,
  usual: Words | undefined,
): Words {
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
    ? "the other results show that it found something else"
    : `${call(earlier)} had returned before it was called`;
  const sentence = `${call(operation)} returned ${quote(operation.output!)}, although ${why}`;
  const operations = earlier === undefined ? [operation] : [operation, earlier];
  return say("wrong result of an append", sentence, ...operations);
}

/** Accuses a read that misses an append, if no put can have replaced it. */
function unseen({ subset }: Conflict<Operation>, read: Operation): Words | undefined {
  if (subset.some(({ op }) => op === "put")) return undefined;
  const missing = subset.find((other) => {
    return other.op === "append" && other.return !== null && other.return < read.call &&
      !read.output!.includes(other.value!);
  });
  return missing && unnoticed(read, missing);
}

/** Returns the last operation that found the value of a put. */
function lastToFind(
  { replies }: Conflict<Operation>,
  put: Suspect<Operation> | undefined,
): Operation | undefined {
  const value = put?.operation.value;
  return replies.findLast((reply) => value !== undefined && foundBy(reply) === value);
}
