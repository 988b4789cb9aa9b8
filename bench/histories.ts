/**
 * Synthetic histories for benchmarks and tests. Many are hard for a search: they have busy clients,
 * repeated values, appends with unknown results, and operations that never returned.
 *
 * Operations take effect in a random order while they are under way, so a history is linearizable
 * until it is spoiled.
 *
 * @module
 */

import type { Operation, RegisterOperation } from "../linearizability/mod.ts";
import { Random } from "../sim/mod.ts";

/** An operation of any model, under construction. */
export interface Draft {
  client: number;
  op: string;
  key?: string;
  value?: unknown;
  output?: unknown;
  call: number;
  return: number | null;
}

/** The size of a history. */
export interface Shape {
  operations: number;
  clients: number;
  /** The share of operations that never return, 0 if absent; half of them take effect. */
  pending?: number;
  /** The number of keys of a store, 1 if absent. */
  keys?: number;
}

/** An object that clients call. */
export interface Target {
  /** Draws the next operation of a client.
   *
   * @param i The index of the operation. */
  draw(client: number, i: number): Pick<Draft, "op" | "key" | "value">;
  /** Executes an operation and returns its result, `undefined` if it stays unknown. */
  execute(operation: Draft): unknown;
}

/** Returns an element of a list. */
export function pick<T>(random: Random, from: readonly T[]): T {
  return from[random.integerBelow(from.length)]!;
}

/** Runs clients that call one operation after the other. */
export function runClients(
  random: Random,
  { operations, clients, pending = 0 }: Shape,
  target: Target,
): Draft[] {
  const history: Draft[] = [];
  const busy = new Map<number, { operation: Draft; happened: boolean; isPending: boolean }>();
  for (let time = 0; history.length < operations || busy.size > 0;) {
    // Some events get the same time.
    if (random.chance(0.8)) time++;
    const client = random.integerBelow(clients);
    const now = busy.get(client);
    if (now === undefined) {
      if (history.length === operations) continue;
      const drawn = target.draw(client, history.length);
      const operation = { ...drawn, client, call: time, return: null };
      history.push(operation);
      busy.set(client, { operation, happened: false, isPending: random.chance(pending) });
    } else if (!now.happened) {
      if (!now.isPending || random.chance(0.5)) {
        const output = target.execute(now.operation);
        if (output !== undefined) now.operation.output = output;
      }
      now.happened = true;
    } else {
      if (!now.isPending) now.operation.return = time;
      busy.delete(client);
    }
  }
  return history;
}

/** The operations of a store. */
export interface StoreKind {
  /** Returns the value to write by the index of the operation. */
  value(i: number): string;
  /** The share of gets, of puts among the rest, and of appends whose results are seen. */
  gets: number;
  puts: number;
  seen: number;
}

/** Makes an empty store. */
export function storeTarget(random: Random, kind: StoreKind, keys = 1): Target {
  const values = new Map<string, string>();
  return {
    draw(_, i) {
      const key = `k${random.integerBelow(keys)}`;
      if (random.chance(kind.gets)) return { op: "get", key };
      return { op: random.chance(kind.puts) ? "put" : "append", key, value: kind.value(i) };
    },
    execute({ op, key, value }) {
      const found = values.get(key!) ?? "";
      if (op !== "get") values.set(key!, op === "put" ? String(value) : found + value);
      return op !== "append" || random.chance(kind.seen) ? found : undefined;
    },
  };
}

/** Makes a register with reads, writes and compare-and-sets of a few values.
 *
 * @param seen The share of results that are seen. */
export function registerTarget(random: Random, values: number, seen = 1): Target {
  let state: number | null = null;
  return {
    draw() {
      const [from, value] = [random.integerBelow(values), random.integerBelow(values)];
      const op = pick(random, ["read", "write", "cas"]);
      if (op !== "cas") return op === "read" ? { op } : { op, value };
      return { op, value: [random.chance(0.1) ? null : from, value] };
    },
    execute({ op, value }) {
      const found = state;
      const [from, to] = op === "cas" ? value as [number, number] : [found, value as number];
      if (op !== "read" && from === found) state = to;
      if (op === "write" || !random.chance(seen)) return undefined;
      return op === "read" ? found : from === found;
    },
  };
}

const REPEATED_VALUES = ["a", "b", "c", "d", "e"];

function makeStore(shape: Shape, random: Random, kind: StoreKind): Operation[] {
  return runClients(random, shape, storeTarget(random, kind, shape.keys)) as Operation[];
}

/** Makes half appends, 45 % gets and 5 % puts. Values are unique, and all results are seen. */
export function makeUnique(shape: Shape): Operation[] {
  const kind = { value: (i: number) => `x ${i} y`, seen: 1, gets: 0.45, puts: 0.1 };
  return makeStore(shape, new Random(1), kind);
}

/** Makes gets, puts and appends of few values. The results of appends are unknown. */
export function makeRepeated(shape: Shape): Operation[] {
  const random = new Random(1);
  const value = () => pick(random, REPEATED_VALUES);
  return makeStore(shape, random, { value, seen: 0, gets: 0.5, puts: 0.1 });
}

/** Makes gets, puts and appends of numbers, some of which begin with others, so that values can be
 * taken apart in several ways. The results of appends are unknown. */
export function makeUnseen(shape: Shape): Operation[] {
  return makeStore(shape, new Random(1), { value: String, seen: 0, gets: 0.45, puts: 0.18 });
}

/** Makes operations of a register with five values. */
export function makeRegister({ seed = 1, ...shape }: Shape & { seed?: number }) {
  const random = new Random(seed);
  const target = registerTarget(random, REPEATED_VALUES.length);
  return runClients(random, shape, target) as unknown as RegisterOperation[];
}

/** Spoils a history: a get near its end finds the value of an older get of its key. */
export function corruptGet(history: readonly Operation[], key?: string): Operation[] {
  const spoiled = history.map((operation) => ({ ...operation }));
  const gets = spoiled.filter((operation) => {
    return operation.op === "get" && (key === undefined || operation.key === key);
  });
  const victim = gets[Math.floor(gets.length * 0.9)];
  // A longer value cannot come back.
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
