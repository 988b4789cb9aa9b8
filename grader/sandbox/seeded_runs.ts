/**
 * `Deno.test` as the lab's tests find it when they are graded: each runs with many seeds.
 *
 * With the first of them, it also runs with each server and each clerk as a module of its
 * own: as processes on different machines, which share no variables.
 *
 * @module
 */

/** What is to be run. */
export interface SeededTestOptions {
  /** The tests, up to the colon. */
  tests: readonly string[];
  seeds: readonly number[];
  /** How long one test may take with all seeds, in real milliseconds. */
  testMsMax: number;
  /** Modules for one server or clerk each. */
  modules: {
    server: readonly (() => Promise<object>)[];
    client: readonly (() => Promise<object>)[];
  };
}

/** With how many of the seeds each server and each clerk is a module of its own as well. */
const ALONE_SEEDS = 3;

type Body = (t: object) => Promise<void>;

/** A `Deno.test` that runs each of the tests with every seed, up to the first that fails.
 * A test that is registered twice is somebody's forgery, and fails. */
export function seededTest(
  { tests, seeds, testMsMax, modules }: SeededTestOptions,
  withRealDeno: (register: () => void) => void,
): object {
  const { test: register } = Deno;
  const registered = new Set<string>();
  const forged = new Set<string>();
  const test = (name: string, _options: object, body: Body) => {
    const short = String(name).split(":")[0]!;
    if (registered.has(short)) forged.add(short);
    if (registered.has(short) || !tests.includes(short)) return;
    registered.add(short);
    const runAll = async (t: Deno.TestContext) => {
      if (forged.has(short)) throw new Error(`${short} was registered twice`);
      const { origin } = t;
      const [servers, clients] = await Promise.all([modules.server, modules.client].map(loadAll));
      const alone = {
        server: (me: number) => servers![me % servers!.length],
        client: (id: number) => clients![id % clients!.length],
      };
      for (const [i, seed] of seeds.entries()) {
        const run = { seed, clock: "virtual", network: "unreliable" };
        const both = async () => {
          await body({ name, origin, run });
          if (i >= ALONE_SEEDS) return;
          const hooks = { modules: alone, print() {} };
          await body({ name, origin, run, hooks }).catch((error: Error) => {
            throw new Error(sharingMessage(short, error));
          });
        };
        if (!await t.step(`seed ${seed}`, both)) return;
      }
    };
    withRealDeno(() => register(name, { timeout: testMsMax }, runAll));
  };
  return Object.assign(test, {
    afterEach: (action: () => void) => withRealDeno(() => register.afterEach(action)),
  });
}

function loadAll(loads: readonly (() => Promise<object>)[]): Promise<object[]> {
  return Promise.all(loads.map((load) => load()));
}

function sharingMessage(test: string, { message }: Error): string {
  return `${test} passes only where servers and clerks share variables of their modules, ` +
    "which the processes of a cluster cannot; keep what they need in KVServer and Clerk. " +
    `Without sharing: ${message}`;
}
