/**
 * Reads Jepsen's `history.edn` of a register: a map or record for each event, one after the other
 * or in one vector.
 *
 * - An `:invoke` and the `:ok` of the same process are one operation. After `:info`, or without a
 *   completion, the operation may have happened. After `:fail`, it did not happen.
 * - Events whose process is not a number, for example `:nemesis`, are skipped.
 * - The values of independent keys are tuples `[key value]`, in all operations or in none.
 * - The order of the events is that of the file. `:time` is for people only.
 * - Integers up to 2^53, booleans and `nil` keep their values. Keys and other values become their
 *   EDN text.
 * - The functions are `:read`, `:write` and `:cas`.
 *
 * @module
 */

import { type EdnItem, EdnReader, type EdnValue } from "./edn.ts";
import { HistoryFileError } from "./history_file_error.ts";
import { Pace } from "../pace.ts";
import { cutEnd } from "../printable.ts";
import type { RegisterOperation, RegisterValue } from "../models/register.ts";

/** One event of a client. */
interface JepsenEvent {
  readonly line: number;
  /** The index among all events of the file. */
  readonly place: number;
  readonly type: string;
  readonly process: number;
  readonly f: string;
  readonly value: EdnValue;
  readonly timeMs: number;
}

/** An invocation and its completion. */
interface Pair {
  readonly invoked: JepsenEvent;
  completed?: JepsenEvent;
}

const NANOSECONDS_PER_MS = 1e6;
const TYPES = [":invoke", ":ok", ":fail", ":info"];
const FUNCTIONS = [":read", ":write", ":cas"];
const NIL = { text: "nil" };

/** Reads a history of a register.
 *
 * @returns The operations in the order of their calls. Times are the indexes of events.
 * @throws {HistoryFileError} It is not such a history; the message names the line.
 * @throws {OutOfTime} There is no time left.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseJepsen } from "./jepsen.ts";
 *
 * const operations = parseJepsen(`
 *   {:type :invoke, :process 0, :f :write, :value 3, :time 10}
 *   {:type :ok, :process 0, :f :write, :value 3, :time 20}
 * `);
 * assertEquals(operations.map(({ op, call }) => [op, call]), [["write", 0]]);
 * ```
 */
export function parseJepsen(text: string, pace = new Pace()): RegisterOperation[] {
  const pairs: Pair[] = [];
  const open = new Map<number, Pair>();
  let place = 0;
  for (const item of new EdnReader(text, pace).values()) {
    const event = eventOf(item, place++);
    if (event?.type === ":invoke") pairs.push(invoke(event, open));
    else if (event !== undefined) complete(event, open);
  }
  const happened = pairs.filter(({ completed }) => completed?.type !== ":fail");
  const isKeyed = happened.length > 0 && happened.every(hasKey);
  return happened.map((pair) => operationOf(pair, isKeyed));
}

/** @param open The pairs that are not complete, by process. */
function invoke(event: JepsenEvent, open: Map<number, Pair>): Pair {
  const before = open.get(event.process)?.invoked;
  if (before !== undefined) {
    const problem = `invokes while its operation of line ${before.line} is open`;
    throw problemAt(event.line, `process ${event.process} ${problem}`);
  }
  const pair = { invoked: event };
  open.set(event.process, pair);
  return pair;
}

function complete(event: JepsenEvent, open: Map<number, Pair>): void {
  const pair = open.get(event.process);
  if (pair === undefined) {
    throw problemAt(event.line, `process ${event.process} completes what it did not invoke`);
  }
  const { line, f } = pair.invoked;
  if (f !== event.f) {
    throw problemAt(event.line, `it completes ${event.f}, but line ${line} invoked ${f}`);
  }
  open.delete(event.process);
  pair.completed = event;
}

function problemAt(line: number, problem: string): HistoryFileError {
  return new HistoryFileError(`line ${line}: ${problem}`);
}

/** Reads an event; `undefined` if no client caused it. */
function eventOf(item: EdnItem, place: number): JepsenEvent | undefined {
  const { map, line } = item;
  if (map === undefined) throw problemAt(line, `it is ${shown(item)}; expected a map`);
  const fields = new Map<string, EdnValue>();
  for (let i = 0; i < map.length; i += 2) fields.set(map[i]!.text, map[i + 1]!);
  const oneOf = (name: string, expected: readonly string[]) => {
    const field = fields.get(name);
    if (field !== undefined && expected.includes(field.text)) return field.text;
    const names = `${expected.slice(0, -1).join(", ")} or ${expected.at(-1)}`;
    throw problemAt(line, `${name} is ${shown(field)}; expected ${names}`);
  };
  const process = fields.get(":process");
  if (process === undefined) throw problemAt(line, ":process is missing");
  const number = plainValue(process);
  if (typeof number !== "number") return undefined;
  return {
    line,
    place,
    process: number,
    type: oneOf(":type", TYPES),
    f: oneOf(":f", FUNCTIONS),
    value: fields.get(":value") ?? NIL,
    timeMs: Number(fields.get(":time")?.text) / NANOSECONDS_PER_MS,
  };
}

/** Returns the value of `nil`, a boolean or an integer up to 2^53, or else the text. */
function plainValue({ text }: EdnValue): RegisterValue {
  if (text === "nil") return null;
  if (text === "true" || text === "false") return text === "true";
  const number = /^-?\d+$/.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(number) ? number : text;
}

/** Returns the items of a vector of two. */
function pairOf({ vector }: EdnValue): readonly [EdnValue, EdnValue] | undefined {
  return vector?.length === 2 ? [vector[0]!, vector[1]!] : undefined;
}

/** Returns true if the value can be a tuple with a key. */
function hasKey({ invoked: { f, value } }: Pair): boolean {
  const pair = pairOf(value);
  return pair !== undefined && (f !== ":cas" || pairOf(pair[1]) !== undefined);
}

function operationOf({ invoked, completed }: Pair, isKeyed: boolean): RegisterOperation {
  const ok = completed?.type === ":ok" ? completed : undefined;
  const [key, argument] = take(invoked, isKeyed);
  const times = {
    client: invoked.process,
    call: invoked.place,
    return: ok?.place ?? null,
    ...key && { key: key.text },
    ...Number.isFinite(invoked.timeMs) && { callMs: invoked.timeMs },
    ...Number.isFinite(ok?.timeMs) && { returnMs: ok!.timeMs },
  };
  if (invoked.f === ":write") return { ...times, op: "write", value: plainValue(argument) };
  if (invoked.f === ":read") {
    if (ok === undefined) return { ...times, op: "read" };
    const [foundKey, found] = take(ok, isKeyed);
    if (key?.text !== foundKey?.text) {
      const problem = `its key is ${shown(foundKey)}, but line ${invoked.line} invoked with `;
      throw problemAt(ok.line, problem + shown(key));
    }
    return { ...times, op: "read", output: plainValue(found) };
  }
  const pair = pairOf(argument);
  if (pair === undefined) {
    const problem = `:value of :cas is ${shown(argument)}; expected a pair, [from to]`;
    throw problemAt(invoked.line, problem);
  }
  const value = [plainValue(pair[0]), plainValue(pair[1])] as const;
  return { ...times, op: "cas", value, ...ok && { output: true } };
}

/** Splits a value into its key, if all values have one, and the rest. */
function take({ line, value }: JepsenEvent, isKeyed: boolean): [EdnValue | undefined, EdnValue] {
  if (!isKeyed) return [undefined, value];
  const pair = pairOf(value);
  if (pair === undefined) throw problemAt(line, `:value is ${shown(value)}; expected [key value]`);
  return [...pair];
}

const SHOWN_LENGTH_MAX = 60;

function shown(value: EdnValue | undefined): string {
  return value === undefined ? "missing" : cutEnd(value.text, SHOWN_LENGTH_MAX);
}
