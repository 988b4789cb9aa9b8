/**
 * Checks the test data of Porcupine, which is not part of this repository.
 *
 * Its folder `test_data` holds recorded histories of etcd (`jepsen/*.log`, a register) and
 * of a key/value store (`kv/*.txt`). `deno run --allow-read bench/porcupine.ts test_data`
 * prints for each its verdict, and the processor time of the fastest of several checks.
 *
 * @module
 */

import {
  kv,
  type Operation,
  parseHistory,
  register,
  type RegisterOperation,
} from "../linearizability/mod.ts";
import { measure } from "./check_table.ts";

const RUNS = 5;
const TIMEOUT_MS = 60_000;

const LOG_LINE = /(\d+)\t(:\w+)\t(:\w+)\t(.*)$/;
const KV_LINE = /^\{:process (\d+), :type :(\w+), :f :(\w+), :key "(.*?)", :value (.*)\}$/;

/** Reads a log of Jepsen's: tabs part process, type, function and value. */
export function parseLog(text: string): RegisterOperation[] {
  const events = text.split("\n").flatMap((line) => {
    const [, process, type, f, value] = LOG_LINE.exec(line.trimEnd()) ?? [];
    if (process === undefined) return [];
    return [`{:process ${process}, :type ${type}, :f ${f}, :value ${value}}`];
  });
  const history = parseHistory(events.join("\n"), { isEdn: true });
  return history.operations as RegisterOperation[];
}

/** Reads a log of the key/value store. What appends found is not in it. */
export function parseKvLog(text: string): Operation[] {
  const operations: Operation[] = [];
  const open = new Map<string, Operation>();
  for (const [at, line] of text.split("\n").entries()) {
    const [, process, type, f, key, value] = KV_LINE.exec(line.trimEnd()) ?? [];
    if (process === undefined) continue;
    const op = f as Operation["op"];
    const text: string | null = value === "nil" ? null : JSON.parse(value!);
    if (type === "invoke") {
      const times = { client: Number(process), key: key!, call: at, return: null };
      const operation: Operation = op === "get" ? { op, ...times } : { op, value: text!, ...times };
      operations.push(operation);
      open.set(process, operation);
    } else {
      const operation = open.get(process)!;
      operation.return = at;
      if (op === "get") operation.output = text!;
    }
  }
  return operations;
}

/** Prints a line for each file of a folder. */
async function printFolder(folder: string, read: (text: string) => string): Promise<void> {
  const names = Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();
  for (const name of names) {
    console.log(`${name.padEnd(24)}${read(await Deno.readTextFile(`${folder}/${name}`))}`);
  }
}

if (import.meta.main) {
  const [folder] = Deno.args;
  if (folder === undefined || folder === "--help") {
    console.error("deno run --allow-read bench/porcupine.ts FOLDER: FOLDER is its test_data");
    Deno.exit(2);
  }
  await printFolder(`${folder}/jepsen`, (text) => {
    return measure(register, [parseLog(text)], RUNS, TIMEOUT_MS);
  });
  await printFolder(`${folder}/kv`, (text) => {
    return measure(kv, [parseKvLog(text)], RUNS, TIMEOUT_MS);
  });
}
