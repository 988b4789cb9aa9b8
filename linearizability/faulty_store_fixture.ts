/**
 * Random histories of a store that does one operation wrong, for tests that ask who is
 * blamed for it.
 *
 * @module
 */

import type { Operation } from "./history.ts";
import type { Random } from "./random_histories_fixture.ts";

/** The ways in which a store may do one operation wrong:
 *
 * - `"wrong result"`: it returned what is no state of its time;
 * - `"lost"`: it returned, but took no effect;
 * - `"late"`: it took effect only after other operations;
 * - `"twice"`: it took effect once more, at once or later. */
export const FAULTS = ["wrong result", "lost", "late", "twice"] as const;

/** A history, and the operation that the store did wrong. */
export interface FaultyHistory {
  readonly operations: Operation[];
  readonly culprit: Operation;
  readonly fault: typeof FAULTS[number];
}

/** Makes a history with one fault, which may or may not show.
 *
 * @param random The source of the numbers.
 * @param size The number of operations, about.
 * @returns `undefined` if no operation is there that can have the fault that was drawn. */
export function faultyStore(random: Random, size = 9): FaultyHistory | undefined {
  const below = (limit: number) => Math.floor(random() * limit);
  const { operations, order } = runClients(random, size);
  const fault = FAULTS[below(FAULTS.length)]!;
  const able = operations.filter((operation) => {
    return operation.return !== null && (fault === "wrong result" || operation.op !== "get");
  });
  const culprit = able[below(able.length)];
  if (culprit === undefined) return undefined;
  const place = order.indexOf(culprit);
  if (fault === "late") order.splice(place, 1);
  if (fault === "late" || fault === "twice") {
    order.splice(place + 1 + below(order.length - place), 0, culprit);
  }
  const states = execute(order, fault === "lost" ? culprit : undefined, random);
  if (fault === "wrong result") {
    if (culprit.output === undefined) return undefined;
    culprit.output = [...states, "nobody wrote this"][below(states.length + 1)]!;
  }
  return { operations, culprit, fault };
}

const PENDING_PROBABILITY = 0.05;

/** Runs clients whose operations take effect in some order. */
function runClients(
  random: Random,
  size: number,
): { operations: Operation[]; order: Operation[] } {
  const below = (limit: number) => Math.floor(random() * limit);
  const clients = 1 + below(size < 20 ? 4 : 8);
  const isUnique = random() < 0.7;
  const putShare = [0, 0.1, 0.4][below(3)]!;
  const operations: Operation[] = [];
  const order: Operation[] = [];
  const busy: ({ operation: Operation; isPending: boolean; happened: boolean } | undefined)[] = [];
  let left = Math.ceil(size / 2) + below(size);
  for (let time = 0; left > 0 || busy.some((now) => now !== undefined); time++) {
    const client = below(clients);
    const now = busy[client];
    if (now === undefined) {
      if (left-- <= 0) continue;
      const times = { client, key: "k", call: time, return: null };
      const value = isUnique ? `<${operations.length}>` : "ab"[below(2)]!;
      const operation: Operation = random() < 0.45
        ? { op: "get", ...times }
        : { op: random() < putShare ? "put" : "append", value, ...times };
      operations.push(operation);
      busy[client] = { operation, isPending: random() < PENDING_PROBABILITY, happened: false };
    } else if (!now.happened) {
      if (!now.isPending || random() < 0.5) order.push(now.operation);
      now.happened = true;
    } else {
      if (!now.isPending) now.operation.return = time;
      busy[client] = undefined;
    }
  }
  return { operations, order };
}

/** Lets operations take effect; each returns what it found first.
 *
 * @returns All states on the way. */
function execute(order: readonly Operation[], lost: Operation | undefined, random: Random) {
  const seenShare = [0, 0.5, 1][Math.floor(random() * 3)]!;
  const states = [""];
  const done = new Set<Operation>();
  for (const operation of order) {
    const { op, value } = operation;
    const state = states.at(-1)!;
    const isFirst = !done.has(operation) && operation.return !== null;
    done.add(operation);
    const isSeen = op === "get" || op === "append" && random() < seenShare;
    if (isFirst && isSeen) operation.output = state;
    if (operation === lost || op === "get") continue;
    states.push(op === "put" ? value! : state + value);
  }
  return states;
}
