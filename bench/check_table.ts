/**
 * `deno task check-table` prints the processor time of the checker for histories of many shapes.
 * Other programs on the machine change that little.
 *
 * @module
 */

import { cpuUsage } from "node:process";
import { z } from "zod";
import { CommandError, EXIT_STATUS, main } from "../cli/mod.ts";
import { check, kv, type Model, register, type Timed } from "../linearizability/mod.ts";
import {
  corruptGet,
  makeRegister,
  makeRepeated,
  makeUnique,
  makeUnseen,
  type Shape,
} from "./histories.ts";

const RUNS = 5;
const TIMEOUT_MS = 10_000;

/** Returns the processor time of this process so far, in milliseconds. */
function cpuMs(): number {
  const { user, system } = cpuUsage();
  return (user + system) / 1000;
}

/** Returns the time of the fastest run, and the verdicts. */
function measure<Op extends Timed, State>(
  model: Model<Op, State>,
  histories: readonly (readonly Op[])[],
  runs: number,
): string {
  let least = Infinity;
  const verdicts = new Set<string>();
  for (let run = 0; run < runs; run++) {
    const startMs = cpuMs();
    const isOver = () => cpuMs() > startMs + TIMEOUT_MS;
    for (const history of histories) verdicts.add(check(model, history, { isOver }).verdict);
    least = Math.min(least, cpuMs() - startMs);
    if (least > TIMEOUT_MS) break;
  }
  return `${least.toFixed(1).padStart(9)} ms  ${[...verdicts].join(", ")}`;
}

function printTable(runs: number, print: (line: string) => void): void {
  const row = <Op extends Timed, State>(
    name: string,
    model: Model<Op, State>,
    ...histories: (readonly Op[])[]
  ) => print(`${name.padEnd(44)}${measure(model, histories, runs)}`);

  for (const [operations, clients] of [[200, 20], [1000, 20], [1000, 5], [5000, 20]] as const) {
    const history = makeRepeated({ operations, clients });
    row(`dup, n=${operations} c=${clients}, ok`, kv, history);
    row(`dup, n=${operations} c=${clients}, bad`, kv, corruptGet(history));
  }
  for (const [operations, clients] of [[1000, 5], [5000, 5], [200, 20]] as const) {
    const history = makeUnseen({ operations, clients });
    row(`amb, n=${operations} c=${clients}, ok`, kv, history);
    row(`amb, n=${operations} c=${clients}, bad`, kv, corruptGet(history));
  }
  row(
    "cas with pending operations, n=5000 c=20",
    register,
    makeRegister({ operations: 5000, clients: 20, pending: 0.01 }),
  );
  const tenKeys = (operations: number): Shape => ({ operations, clients: 50, keys: 10 });
  row("10 keys, 50 clients, 1,712 operations, ok", kv, makeUnseen(tenKeys(1712)));
  row(
    "10 keys, 50 clients, 2,024 operations, bad",
    kv,
    corruptGet(makeUnseen(tenKeys(2024)), "k7"),
  );

  const failures = { clients: 5, pending: 0.3 };
  const registers = Array.from({ length: 102 }, (_, seed) => {
    return makeRegister({ operations: 84, seed, ...failures });
  });
  row("102 register histories of 84 operations", register, ...registers);
  for (let seed = 1; seed <= 8; seed++) {
    const history = makeRegister({ operations: 9000, seed, ...failures });
    row(`register, n=9000, failures, seed ${seed}`, register, history);
  }
  const long = makeUnique({ operations: 100_000, clients: 20 });
  row("100,000 operations on one key, ok", kv, long);
  row("100,000 operations on one key, bad", kv, corruptGet(long));
}

/** The command. */
export const checkTableCommand = {
  name: "check-table",
  summary: "Prints the processor time of the checker for many histories, the least of RUNS runs.",
  operands: { name: "RUNS", min: 0, max: 1 },
  options: z.strictObject({}),
  run(_options: object, [runs = String(RUNS)]: string[]) {
    if (!/^[1-9]\d*$/.test(runs)) {
      throw new CommandError(`Cannot use "${runs}"; expected a number of runs, for example 3`);
    }
    printTable(Number(runs), console.log);
    return EXIT_STATUS.ok;
  },
};

if (import.meta.main) await main(checkTableCommand);
