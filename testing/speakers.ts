/**
 * Says who prints and when: in `deno test`, the servers and clerks of a run print to one
 * console.
 *
 * @module
 */

import { currentChance } from "../sim/mod.ts";

/** The methods of a console that print their arguments. */
const METHODS = ["log", "info", "debug", "warn", "error"] as const;

/** Reads the virtual time of the run that prints. */
let now: (() => number) | undefined;
let isReplaced = false;

/** Puts the virtual time and the machine before what machines print from now on. What other
 * code prints stays as it is.
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

/** Runs something whose machines print nothing: what they say then belongs to no test. */
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
  // A text that comes first may hold placeholders, such as %s.
  const [first, ...others] = args;
  return typeof first === "string" ? [`${speaker} ${first}`, ...others] : [speaker, ...args];
}
