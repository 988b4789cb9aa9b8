/**
 * Random histories of many shapes for tests: few or many values, results seen or not,
 * operations that never returned, compare-and-sets; some from a run of the object, some
 * spoiled afterwards.
 *
 * @module
 */

import type { Operation } from "./history.ts";
import type { RegisterOperation } from "./register.ts";

/** A source of numbers from 0 to below 1. */
export type Random = () => number;

/** A small generator of numbers (mulberry32), so that a test is the same every time. */
export function randomFrom(seed: number): Random {
  let state = seed;
  return () => {
    state = state + 0x6d2b79f5 | 0;
    let mixed = Math.imul(state ^ state >>> 15, state | 1);
    mixed ^= mixed + Math.imul(mixed ^ mixed >>> 7, mixed | 61);
    return ((mixed ^ mixed >>> 14) >>> 0) / 2 ** 32;
  };
}

const VALUES = [["a"], ["a", "b"], ["a", "ab", "b", ""], ["a", "b", "c", "d", "e"], []];

interface Plan {
  size: number;
  clients: number;
  values: readonly string[];
  pending: number;
  unseen: number;
}

function planOf(random: Random, sizeMin: number, sizeMax: number): Plan {
  const pick = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)]!;
  return {
    size: sizeMin + Math.floor(random() * (sizeMax - sizeMin + 1)),
    clients: 1 + Math.floor(random() * 5),
    values: pick(VALUES),
    pending: pick([0, 0.05, 0.2]),
    unseen: pick([0, 0.5, 1]),
  };
}

/** Runs clients, and tells for each operation when it is called, happens and returns. */
function run<Op extends { call: number; return: number | null }>(
  random: Random,
  { size, clients, pending }: Plan,
  draw: (client: number, i: number) => Op,
  happen: (operation: Op, isPending: boolean) => void,
): Op[] {
  const history: Op[] = [];
  const busy: ({ operation: Op; happened: boolean; isPending: boolean } | undefined)[] = [];
  let left = size;
  for (let time = 0; left > 0 || busy.some((now) => now !== undefined);) {
    // Some events share a moment, as intervals are closed.
    if (random() < 0.8) time++;
    const client = Math.floor(random() * clients);
    const now = busy[client];
    if (now === undefined) {
      if (left-- <= 0) continue;
      const operation = Object.assign(draw(client, size - left), { call: time });
      history.push(operation);
      busy[client] = { operation, happened: false, isPending: random() < pending };
    } else if (!now.happened) {
      if (!now.isPending || random() < 0.5) happen(now.operation, now.isPending);
      now.happened = true;
    } else {
      if (!now.isPending) now.operation.return = time;
      busy[client] = undefined;
    }
  }
  return history;
}

/** Spoils a history at a few places, or not at all. */
function spoil<Op extends { call: number; return: number | null; output?: unknown }>(
  random: Random,
  history: Op[],
): Op[] {
  for (let times = Math.floor(random() * (2 + history.length / 4)); times > 0; times--) {
    const victim = history[Math.floor(random() * history.length)]!;
    const other = history[Math.floor(random() * history.length)]!;
    if (random() < 0.5) {
      const shift = Math.floor(random() * 9) - 4;
      victim.call += shift;
      if (victim.return !== null) victim.return = Math.max(victim.call, victim.return + shift);
    } else if (typeof other.output === typeof victim.output && other.output !== undefined) {
      victim.output = other.output;
    }
  }
  return history;
}

/** Makes a history of a store with one key. */
export function randomStore(random: Random, sizeMin: number, sizeMax: number): Operation[] {
  const plan = planOf(random, sizeMin, sizeMax);
  let state = "";
  const putProbability = random() * 0.5;
  const history = run<Operation & { output?: string; call: number }>(
    random,
    plan,
    (client, i) => {
      const times = { client, key: "k", call: 0, return: null };
      const kind = random();
      if (kind > 0.6) return { op: "get", ...times };
      const { values } = plan;
      const value = values[Math.floor(random() * values.length)] ?? String(i);
      return { op: kind < 0.6 * putProbability * 2 ? "put" : "append", value, ...times };
    },
    (operation) => {
      const { op, value } = operation;
      // Also where it must not count: beside what never returned, and beside a put.
      if (op !== "append" || random() >= plan.unseen) operation.output = state;
      if (op !== "get") state = op === "put" ? value! : state + value;
    },
  );
  return spoil(random, history);
}

/** Makes a history of one register. */
export function randomRegister(
  random: Random,
  sizeMin: number,
  sizeMax: number,
): RegisterOperation[] {
  const plan = planOf(random, sizeMin, sizeMax);
  let state: number | null = null;
  const values = 2 + Math.floor(random() * 6);
  const value = () => Math.floor(random() * values);
  type Draft = {
    op: "read" | "write" | "cas";
    client: number;
    value?: unknown;
    output?: unknown;
    call: number;
    return: number | null;
  };
  const history = run<Draft>(
    random,
    plan,
    (client) => {
      const times = { client, call: 0, return: null };
      const kind = Math.floor(random() * 3);
      if (kind === 0) return { op: "read", ...times };
      if (kind === 1) return { op: "write", value: value(), ...times };
      return { op: "cas", value: [random() < 0.1 ? null : value(), value()], ...times };
    },
    (operation) => {
      const isSeen = random() >= plan.unseen / 4;
      if (operation.op === "read") {
        if (isSeen) operation.output = state;
        return;
      }
      if (operation.op === "write") {
        state = operation.value as number;
        return;
      }
      const [from, to] = operation.value as [number | null, number];
      const wins = from === state;
      if (isSeen) operation.output = wins;
      if (wins) state = to;
    },
  );
  return spoil(random, history) as RegisterOperation[];
}
