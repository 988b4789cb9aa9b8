/**
 * Runs code, and all promises that it settles, for a limited real time.
 *
 * Nothing else in JavaScript ends a loop that never yields. It costs more than what most
 * events do, so it is for runs of which one is likely to loop. Where the loop is, the
 * runtime does not say.
 *
 * @module
 */

import vm from "node:vm";

/** What this module needs of the inside of Deno: the runtime drains promises between events
 * only, where no limit applies. */
interface Internals {
  readonly core: { runMicrotasks(): void };
}

/** Under which name the script finds what to run. */
const NAME = "kvlab turn";

let script: vm.Script | undefined;
let current: () => void = () => {};

/** Runs an action, and then all promises that it settled.
 *
 * @param action What to run; it must not throw.
 * @param msMax The limit in real milliseconds.
 * @returns False if the limit ended it.
 */
export function runBounded(action: () => void, msMax: number): boolean {
  current = action;
  try {
    (script ??= makeScript()).runInThisContext({ timeout: msMax });
    return true;
  } catch {
    return false;
  }
}

function makeScript(): vm.Script {
  const { core } = Reflect.get(Deno, Reflect.get(Deno, "internal")) as Internals;
  const value = () => {
    current();
    core.runMicrotasks();
  };
  Object.defineProperty(globalThis, Symbol.for(NAME), { value });
  return new vm.Script(`globalThis[Symbol.for("${NAME}")]();`);
}
