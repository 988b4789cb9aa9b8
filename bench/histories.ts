/**
 * Synthetic histories for benchmarks, from clients that are always busy. Many are hard for a
 * search: values that repeat, appends whose results nobody saw, operations that never
 * returned, and several keys at once.
 *
 * Operations take effect in a random order while they are under way, so each history is
 * linearizable until it is spoiled.
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

/** The operations of one kind of history of a store. */
interface Kind {
  /** Draws what is written, by the number of the operation. */
  value(random: Random, i: number): string;
  appendsSeen: boolean;
  putProbability: number;
  appendProbability: number;
}

const REPEATED_VALUES = 5;

/** Makes half appends, 45 % gets and 5 % puts. Every value is unique and every result seen. */
export function makeUnique(shape: Shape): Operation[] {
  return makeStore(shape, {
    value: (_, i) => `x ${i} y`,
    appendsSeen: true,
    putProbability: 0.05,
    appendProbability: 0.5,
  });
}

/** Makes gets, puts and appends with values from a small set; the results of appends are
 * unseen. */
export function makeRepeated(shape: Shape): Operation[] {
  return makeStore(shape, {
    value: (random) => "abcde"[random.integerBelow(REPEATED_VALUES)]!,
    appendsSeen: false,
    putProbability: 0.05,
    appendProbability: 0.45,
  });
}

/** Makes appends, with results unseen, of numbers of which some begin with others, so that
 * what gets found can be taken apart in several ways. */
export function makeUnseen(shape: Shape): Operation[] {
  return makeStore(shape, {
    value: (_, i) => String(i),
    appendsSeen: false,
    putProbability: 0.1,
    appendProbability: 0.45,
  });
}

function makeStore({ operations, clients, keys = 1 }: Shape, kind: Kind): Operation[] {
  const random = new Random(1);
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

/** An operation that is under way. */
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

/** The shape of a history of a register. */
export interface RegisterShape extends Shape {
  /** The share of operations whose clients give up; half of these happen. */
  gaveUpProbability: number;
  seed?: number;
}

/** Makes reads, writes and compare-and-sets of a register with five values, a third each.
 * A client that gave up goes on under another name. */
export function makeRegister(
  { operations, clients, gaveUpProbability, seed = 1 }: RegisterShape,
): RegisterOperation[] {
  const random = new Random(seed);
  const history: RegisterOperation[] = [];
  const names = Array.from({ length: clients }, (_, client) => client);
  let state: number | null = null;
  const value = () => random.integerBelow(REPEATED_VALUES);
  const draw = (times: { client: number; call: number; return: null }): RegisterOperation => {
    const kind = random.integerBelow(3);
    if (kind === 0) return { op: "read", ...times };
    if (kind === 1) return { op: "write", value: value(), ...times };
    return { op: "cas", value: [value(), value()], ...times };
  };
  run(random, operations, clients, (client, call) => {
    const operation = draw({ client: names[client]!, call, return: null });
    const givesUp = random.chance(gaveUpProbability);
    history.push(operation);
    return {
      happen() {
        if (givesUp && random.chance(0.5)) return;
        if (operation.op === "write") {
          state = operation.value as number;
          return;
        }
        const output: number | boolean | null = operation.op === "cas"
          ? operation.value[0] === state
          : state;
        if (!givesUp) Object.assign(operation, { output });
        if (operation.op === "cas" && output === true) state = operation.value[1] as number;
      },
      end(time) {
        if (givesUp) names[client]! += clients;
        else Object.assign(operation, { return: time });
      },
    };
  });
  return history;
}

/** Spoils a history: a get near its end finds what an older one of its key found. */
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
