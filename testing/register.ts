/**
 * The register of scenarios: the tests of a file, to be run by something else than
 * the test runner, with any seed, as often as wanted.
 *
 * @module
 */

/** One test of a file. */
export interface Scenario<T> {
  /** Its whole name, for example `"TestBasic: one client"`. */
  readonly name: string;
  /** Runs it once. */
  run(t: T): Promise<void>;
}

interface Definition<T> {
  name: string;
  fn(t: T): Promise<void>;
}

/** Collects the tests that a module registers with
 * `Deno.test(definition)` while it is loaded. It sees no words of this
 * process's command line, which are not meant for it.
 *
 * @param load Imports the module. It must not have been loaded before.
 */
export async function collectScenarios<T>(load: () => Promise<unknown>): Promise<Scenario<T>[]> {
  const scenarios: Scenario<T>[] = [];
  const runner = Deno as { test: unknown };
  const { test } = runner;
  const args = Object.getOwnPropertyDescriptor(Deno, "args")!;
  const register = ({ name, fn }: Definition<T>) => void scenarios.push({ name, run: fn });
  runner.test = Object.assign(register, { afterEach() {} });
  Object.defineProperty(Deno, "args", { ...args, get: () => [] });
  try {
    await load();
  } finally {
    runner.test = test;
    Object.defineProperty(Deno, "args", args);
  }
  return scenarios;
}
