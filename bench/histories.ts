/**
 * Synthetic histories: clients that are always busy, on a store that does what it
 * should.
 *
 * @module
 */

import type { Operation } from "../linearizability/mod.ts";
import { Random } from "../sim/mod.ts";

/** The shape of a history. */
export interface HistoryShape {
  operations: number;
  clients: number;
  /** The number of keys. */
  keys?: number;
  /** True if appends show what they found. */
  appendsSeen?: boolean;
}

const APPEND_PROBABILITY = 0.5;
const PUT_PROBABILITY = 0.05;

/** A linearizable history: half appends, 45 % gets, 5 % puts, every value unique. */
export function makeHistory(
  { operations, clients, keys = 1, appendsSeen = true }: HistoryShape,
  seed = 1,
): Operation[] {
  const random = new Random(seed);
  const history: Operation[] = [];
  const values = new Map<string, string>();
  /** The state of each client: idle, or with an operation that was called or has happened. */
  const busy: ({ operation: Operation; happened: boolean } | undefined)[] = Array(clients);
  let returned = 0;
  for (let time = 0; returned < operations; time++) {
    const client = random.integerBelow(clients);
    const now = busy[client];
    if (now === undefined) {
      if (history.length === operations) continue;
      const operation = call(random, client, `k${random.integerBelow(keys)}`, time);
      history.push(operation);
      busy[client] = { operation, happened: false };
    } else if (!now.happened) {
      execute(values, now.operation, appendsSeen);
      now.happened = true;
    } else {
      now.operation.return = time;
      busy[client] = undefined;
      returned++;
    }
  }
  return history;
}

function call(random: Random, client: number, key: string, time: number): Operation {
  const draw = random.next();
  const times = { client, key, call: time, return: null };
  if (draw >= APPEND_PROBABILITY + PUT_PROBABILITY) return { op: "get", ...times };
  return {
    op: draw < APPEND_PROBABILITY ? "append" : "put",
    value: `x ${client} ${time} y`,
    ...times,
  };
}

function execute(values: Map<string, string>, operation: Operation, appendsSeen: boolean): void {
  const { op, key, value } = operation;
  const found = values.get(key) ?? "";
  if (op === "get" || op === "append" && appendsSeen) operation.output = found;
  if (op !== "get") values.set(key, op === "put" ? value! : found + value);
}

/** The same history with one read near its end made stale. */
export function spoilHistory(history: readonly Operation[]): Operation[] {
  const spoiled = history.map((operation) => ({ ...operation }));
  for (const read of spoiled.slice(Math.floor(spoiled.length * 0.9))) {
    const older = spoiled.find(({ op, key, output, return: returned }) => {
      return op === "get" && key === read.key && output !== read.output && returned! < read.call;
    });
    if (read.op !== "get" || older === undefined) continue;
    read.output = older.output!;
    return spoiled;
  }
  throw new Error(
    `Cannot spoil a history of ${history.length} operations: no read has an older one`,
  );
}
