/**
 * Marks console output with the machine and the virtual time: in `deno test`, all servers and
 * clerks of a run print to one console.
 *
 * @module
 */

import { currentChance } from "../sim/mod.ts";

/** The methods of a console that print their arguments. */
const METHODS = ["log", "info", "debug", "warn", "error"] as const;

/** Reads the virtual time of the run that prints. */
let now: (() => number) | undefined;
let isReplaced = false;

/** Prefixes the output of machines with the virtual time and the machine from now on. Output of
 * other code does not change.
 *
 * @param clock Reads the virtual time of the run, in milliseconds. */
export function nameSpeakers(clock: () => number): void {
  now = clock;
  if (isReplaced) return;
  isReplaced = true;
  for (const method of METHODS) {
    const print = console[method].bind(console);
    console[method] = (...args: unknown[]) => print(...named(args));
  }
}

/** Runs something without console output, because it belongs to no test. */
export async function silently<T>(run: () => Promise<T>): Promise<T> {
  const { console } = globalThis;
  globalThis.console = new Proxy(console, { get: () => () => {} });
  try {
    return await run();
  } finally {
    globalThis.console = console;
  }
}

function named(args: unknown[]): unknown[] {
  const machine = currentChance()?.machine;
  if (machine === undefined || now === undefined) return args;
  const speaker = `${now().toFixed(1).padStart(9)}  ${machine}:`;
  // The first text may hold placeholders like %s.
  const [first, ...others] = args;
  return typeof first === "string" ? [`${speaker} ${first}`, ...others] : [speaker, ...args];
}
