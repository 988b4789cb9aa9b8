/**
 * Random histories of many shapes for tests: few or many values, results seen or not,
 * operations that never returned, compare-and-sets; some from a run of the object, some
 * spoiled afterwards.
 *
 * @module
 */

import type { Random } from "../sim/random.ts";
import type { Operation } from "./history.ts";
import type { RegisterOperation } from "./register.ts";

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

/** The size of a random history. */
export interface RunShape {
  size: number;
  clients: number;
  /** The share of operations that never return; half of these happen. */
  pending: number;
}

/** Returns an element of a list. */
export function pick<T>(random: Random, from: readonly T[]): T {
  return from[random.integerBelow(from.length)]!;
}

/** Keeps clients busy: each calls an operation, lets it happen, and returns.
 *
 * @param draw Makes the next operation, without a result.
 * @param happen Called when an operation takes effect. */
export function runClients(
  random: Random,
  { size, clients, pending }: RunShape,
  draw: (client: number, i: number) => Pick<Draft, "op" | "key" | "value">,
  happen: (operation: Draft) => void,
): Draft[] {
  const history: Draft[] = [];
  const busy = new Map<number, { operation: Draft; happened: boolean; isPending: boolean }>();
  for (let time = 0; history.length < size || busy.size > 0;) {
    // Some events share a moment, as intervals are closed.
    if (random.chance(0.8)) time++;
    const client = random.integerBelow(clients);
    const now = busy.get(client);
    if (now === undefined) {
      if (history.length === size) continue;
      const operation = { ...draw(client, history.length), client, call: time, return: null };
      history.push(operation);
      busy.set(client, { operation, happened: false, isPending: random.chance(pending) });
    } else if (!now.happened) {
      if (!now.isPending || random.chance(0.5)) happen(now.operation);
      now.happened = true;
    } else {
      if (!now.isPending) now.operation.return = time;
      busy.delete(client);
    }
  }
  return history;
}

/** Spoils a history at a few places, or not at all. */
export function spoil(random: Random, history: Draft[]): Draft[] {
  for (let times = random.integerBelow(2 + history.length / 4); times > 0; times--) {
    const [victim, other] = [pick(random, history), pick(random, history)];
    if (random.chance(0.5)) {
      const shift = random.integerBelow(9) - 4;
      victim.call += shift;
      if (victim.return !== null) victim.return = Math.max(victim.call, victim.return + shift);
    } else if (typeof other.output === typeof victim.output && other.output !== undefined) {
      victim.output = other.output;
    }
  }
  return history;
}

/** Draws a shape, and the share of results that nobody saw. */
function shapeOf(random: Random, sizeMin: number, sizeMax: number): RunShape & { unseen: number } {
  return {
    size: sizeMin + random.integerBelow(sizeMax - sizeMin + 1),
    clients: 1 + random.integerBelow(5),
    pending: pick(random, [0, 0.05, 0.2]),
    unseen: pick(random, [0, 0.5, 1]),
  };
}

const VALUES = [["a"], ["a", "b"], ["a", "ab", "b", ""], ["a", "b", "c", "d", "e"], []];

/** Makes a history of a store with one key. */
export function randomStore(random: Random, sizeMin: number, sizeMax: number): Operation[] {
  const shape = shapeOf(random, sizeMin, sizeMax);
  const values = pick(random, VALUES);
  const putShare = random.next();
  let state = "";
  const history = runClients(random, shape, (_, i) => {
    if (random.chance(0.4)) return { op: "get", key: "k" };
    const value = values.length === 0 ? String(i) : pick(random, values);
    return { op: random.chance(putShare) ? "put" : "append", key: "k", value };
  }, (operation) => {
    const { op, value } = operation;
    // Also where it must not count: beside what never returned, and beside a put.
    if (op !== "append" || !random.chance(shape.unseen)) operation.output = state;
    if (op !== "get") state = op === "put" ? value as string : state + value;
  });
  return spoil(random, history) as Operation[];
}

/** Makes a history of one register. */
export function randomRegister(
  random: Random,
  sizeMin: number,
  sizeMax: number,
): RegisterOperation[] {
  const shape = shapeOf(random, sizeMin, sizeMax);
  const values = 2 + random.integerBelow(6);
  let state: number | null = null;
  const history = runClients(random, shape, () => {
    const value = random.integerBelow(values);
    const op = pick(random, ["read", "write", "cas"]);
    if (op !== "cas") return op === "read" ? { op } : { op, value };
    return { op, value: [random.chance(0.1) ? null : random.integerBelow(values), value] };
  }, (operation) => {
    const { op, value } = operation;
    const [from, to] = op === "cas" ? value as [number | null, number] : [state, value as number];
    const wins = from === state;
    const isSeen = op !== "write" && !random.chance(shape.unseen / 4);
    if (isSeen) operation.output = op === "read" ? state : wins;
    if (op !== "read" && wins) state = to;
  });
  return spoil(random, history) as unknown as RegisterOperation[];
}
