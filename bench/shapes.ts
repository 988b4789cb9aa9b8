/**
 * Histories that are hard for a search: values that repeat, appends whose results
 * nobody saw, operations that never returned, and several keys at once.
 *
 * Each comes from a run of the object, with operations that take effect in a random
 * order while they are under way, so that it is linearizable until it is spoiled.
 *
 * @module
 */

import type { Operation, RegisterOperation } from "../linearizability/mod.ts";
import { Random } from "../sim/mod.ts";

/** The size of a history. */
export interface Shape {
  operations: number;
  clients: number;
  keys?: number;
}

/** The shape of one kind of history. */
interface Kind {
  /** Draws what is written, by the number of the operation. */
  value(random: Random, i: number): string;
  appendsSeen: boolean;
  putProbability: number;
  appendProbability: number;
}

const REPEATED_VALUES = 5;

/** Gets, puts and appends with values from a small set; what gets found is seen, what
 * appends found is not. */
export function makeRepeated(shape: Shape, seed = 1): Operation[] {
  return make(shape, {
    value: (random) => "abcde"[random.integerBelow(REPEATED_VALUES)]!,
    appendsSeen: false,
    putProbability: 0.05,
    appendProbability: 0.45,
  }, seed);
}

/** Appends whose results nobody saw, of numbers of which some begin with others, so that
 * what gets found can be taken apart in several ways. */
export function makeUnseen(shape: Shape, seed = 1): Operation[] {
  return make(shape, {
    value: (_, i) => String(i),
    appendsSeen: false,
    putProbability: 0.1,
    appendProbability: 0.45,
  }, seed);
}

function make(
  { operations, clients, keys = 1 }: Shape,
  kind: Kind,
  seed: number,
): Operation[] {
  const random = new Random(seed);
  const history: Operation[] = [];
  const values = new Map<string, string>();
  const call = (client: number, time: number): Operation => {
    const draw = random.next();
    const times = { client, key: `k${random.integerBelow(keys)}`, call: time, return: null };
    if (draw >= kind.putProbability + kind.appendProbability) return { op: "get", ...times };
    const op = draw < kind.putProbability ? "put" : "append";
    return { op, value: kind.value(random, history.length), ...times };
  };
  run(random, operations, clients, (client, time) => {
    const operation = call(client, time);
    history.push(operation);
    return {
      happen() {
        const { op, key, value } = operation;
        const found = values.get(key) ?? "";
        if (op === "get" || op === "append" && kind.appendsSeen) operation.output = found;
        if (op !== "get") values.set(key, op === "put" ? value! : found + value);
      },
      end: (time) => operation.return = time,
    };
  });
  return history;
}

interface Running {
  happen(): void;
  end(time: number): void;
}

/** Keeps clients busy: each calls, then lets the operation happen, then returns. */
function run(
  random: Random,
  operations: number,
  clients: number,
  call: (client: number, time: number) => Running,
): void {
  const busy: ({ running: Running; happened: boolean } | undefined)[] = Array(clients);
  let called = 0;
  let returned = 0;
  for (let time = 0; returned < operations; time++) {
    const client = random.integerBelow(clients);
    const now = busy[client];
    if (now === undefined) {
      if (called === operations) continue;
      called++;
      busy[client] = { running: call(client, time), happened: false };
    } else if (!now.happened) {
      now.running.happen();
      now.happened = true;
    } else {
      now.running.end(time);
      busy[client] = undefined;
      returned++;
    }
  }
}

const PENDING_PROBABILITY = 0.01;

/** Reads, writes and compare-and-sets of a register with few values, of which one in a
 * hundred never returned. */
export function makePendingCas({ operations, clients }: Shape, seed = 1): RegisterOperation[] {
  const random = new Random(seed);
  const history: RegisterOperation[] = [];
  let state: number | null = null;
  const value = () => random.integerBelow(REPEATED_VALUES);
  const draw = (times: { client: number; call: number; return: null }): RegisterOperation => {
    const kind = random.integerBelow(3);
    if (kind === 0) return { op: "read", ...times };
    if (kind === 1) return { op: "write", value: value(), ...times };
    return { op: "cas", value: [value(), value()], ...times };
  };
  run(random, operations, clients, (client, call) => {
    const operation = draw({ client, call, return: null });
    const isPending = random.chance(PENDING_PROBABILITY);
    history.push(operation);
    return {
      happen() {
        const output: number | boolean | null = operation.op === "cas"
          ? operation.value[0] === state
          : state;
        if (operation.op === "write") state = operation.value as number;
        else if (!isPending) Object.assign(operation, { output });
        if (operation.op === "cas" && output === true) state = operation.value[1] as number;
      },
      end: (time) => isPending || Object.assign(operation, { return: time }),
    };
  });
  return history;
}

/** The same history with a get near its end that finds what an older one found. */
export function spoilGet(history: readonly Operation[], key?: string): Operation[] {
  const spoiled = history.map((operation) => ({ ...operation }));
  const gets = spoiled.filter((operation) => {
    return operation.op === "get" && (key === undefined || operation.key === key);
  });
  const victim = gets[Math.floor(gets.length * 0.9)];
  // Old enough that its value cannot have come back.
  const other = gets.find((get) => {
    return victim !== undefined && get.key === victim.key && get.return! < victim.call &&
      get.output!.length > 3 && get.output !== victim.output;
  });
  if (victim === undefined || other === undefined) {
    throw new Error(`Cannot spoil a history of ${history.length} operations: it has no older get`);
  }
  victim.output = other.output!;
  return spoiled;
}
