/**
 * Synthetic histories of a register: few clients, few values, many operations whose
 * clients gave up, as one records them of a store whose servers come and go.
 *
 * @module
 */

import type { RegisterOperation, RegisterValue } from "../linearizability/mod.ts";
import { Random } from "../sim/mod.ts";

const CLIENTS = 5;
const VALUES = 5;
const GAVE_UP_PROBABILITY = 0.3;

interface Busy {
  operation: RegisterOperation;
  /** True if its client gives up, and then takes another name. */
  givesUp: boolean;
  happened: boolean;
}

/** A linearizable history, a third each of reads, writes and compare-and-sets. */
export function makeRegisterHistory(operations: number, seed: number): RegisterOperation[] {
  const random = new Random(seed);
  const history: RegisterOperation[] = [];
  const names = Array.from({ length: CLIENTS }, (_, client) => client);
  const busy: (Busy | undefined)[] = Array(CLIENTS);
  let state: RegisterValue = null;
  for (let time = 0; history.length < operations; time++) {
    const client = random.integerBelow(CLIENTS);
    const now = busy[client];
    if (now === undefined) {
      const operation = call(random, names[client]!, time);
      const givesUp = random.chance(GAVE_UP_PROBABILITY);
      history.push(operation);
      busy[client] = { operation, givesUp, happened: false };
    } else if (!now.happened) {
      if (!now.givesUp || random.chance(0.5)) state = execute(now, state);
      now.happened = true;
    } else {
      if (now.givesUp) names[client] = names[client]! + CLIENTS;
      else Object.assign(now.operation, { return: time });
      busy[client] = undefined;
    }
  }
  return history;
}

function call(random: Random, client: number, time: number): RegisterOperation {
  const times = { client, call: time, return: null };
  const value = () => random.integerBelow(VALUES);
  switch (random.integerBelow(3)) {
    case 0:
      return { op: "read", ...times };
    case 1:
      return { op: "write", value: value(), ...times };
    default:
      return { op: "cas", value: [value(), value()], ...times };
  }
}

/** @returns The state that the operation leaves behind. */
function execute({ operation, givesUp }: Busy, state: RegisterValue): RegisterValue {
  if (operation.op === "write") return operation.value;
  const result = operation.op === "read" ? state : operation.value[0] === state;
  if (!givesUp) Object.assign(operation, { output: result });
  return operation.op === "cas" && result === true ? operation.value[1] : state;
}

/** The same history with its last read that returned made to find another value. */
export function spoilRegisterHistory(history: readonly RegisterOperation[]): RegisterOperation[] {
  const victim = history.findLast((operation) => {
    return operation.op === "read" && operation.return !== null;
  });
  return history.map((operation) => {
    return operation === victim ? { ...operation, output: VALUES } as RegisterOperation : operation;
  });
}
