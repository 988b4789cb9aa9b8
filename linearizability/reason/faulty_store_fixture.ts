/**
 * Random histories of a store that executes one operation wrongly, for tests of accusations.
 *
 * @module
 */

import { type Draft, pick, runClients, storeTarget } from "../../bench/histories.ts";
import type { Random } from "../../sim/random.ts";
import type { Operation } from "../history.ts";

/** The ways in which a store may execute one operation wrongly:
 *
 * - `"wrong result"`: it returned a state of another time;
 * - `"lost"`: it returned without effect;
 * - `"late"`: it took effect after later operations;
 * - `"twice"`: it took effect twice. */
export const FAULTS = ["wrong result", "lost", "late", "twice"] as const;

/** A history, and the operation that the store executed wrongly. */
export interface FaultyHistory {
  readonly operations: Operation[];
  readonly culprit: Operation;
  readonly fault: typeof FAULTS[number];
}

/** Makes a history with one fault, which may or may not show.
 *
 * @param size The approximate number of operations.
 * @returns `undefined` if no operation can have the fault that was drawn. */
export function faultyStore(random: Random, size = 9): FaultyHistory | undefined {
  const order: Operation[] = [];
  const isUnique = random.chance(0.7);
  const store = storeTarget(random, {
    value: (i) => isUnique ? `<${i}>` : pick(random, ["a", "b"]),
    gets: 0.45,
    puts: pick(random, [0, 0.1, 0.4]),
    seen: 1,
  });
  const shape = {
    operations: Math.ceil(size / 2) + random.integerBelow(size),
    clients: 1 + random.integerBelow(size < 20 ? 4 : 8),
    pending: 0.05,
  };
  const target = { ...store, execute: (draft: Draft) => void order.push(draft as Operation) };
  const operations = runClients(random, shape, target) as Operation[];
  const fault = pick(random, FAULTS);
  const able = operations.filter((operation) => {
    return operation.return !== null && (fault === "wrong result" || operation.op !== "get");
  });
  if (able.length === 0) return undefined;
  const culprit = pick(random, able);
  const place = order.indexOf(culprit);
  if (fault === "late") order.splice(place, 1);
  if (fault === "late" || fault === "twice") {
    order.splice(place + 1 + random.integerBelow(order.length - place), 0, culprit);
  }
  const states = execute(order, fault === "lost" ? culprit : undefined, random);
  if (fault === "wrong result") {
    if (culprit.output === undefined) return undefined;
    culprit.output = pick(random, [...states, "nobody wrote this"]);
  }
  return { operations, culprit, fault };
}

/** Executes operations; each returns what it found the first time.
 *
 * @returns All states on the way. */
function execute(order: readonly Operation[], lost: Operation | undefined, random: Random) {
  const seenShare = pick(random, [0, 0.5, 1]);
  const states = [""];
  const done = new Set<Operation>();
  for (const operation of order) {
    const { op, value } = operation;
    const state = states.at(-1)!;
    const isFirst = !done.has(operation) && operation.return !== null;
    done.add(operation);
    const isSeen = op === "get" || op === "append" && random.chance(seenShare);
    if (isFirst && isSeen) operation.output = state;
    if (operation === lost || op === "get") continue;
    states.push(op === "put" ? value! : state + value);
  }
  return states;
}
