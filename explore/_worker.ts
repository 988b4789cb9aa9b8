/**
 * The inside of a thread that runs seeds, one after another, without any permission.
 * It stands in the same folder as the tests that it runs, so that it meets the
 * `client.ts` and `server.ts` beside them.
 *
 * @module
 */

import type { TestHandle } from "../config.ts";
import { collectScenarios, type Scenario } from "../testing/register.ts";
import { printTo } from "./_console.ts";
import { runSeed, type SeedResult, type SeedTask } from "./seed_run.ts";

/** What the thread says. */
export type WorkerMessage =
  /** It is ready for tasks. */
  | { kind: "ready"; tests: string[] }
  /** It never will be: the tests, or the submission, cannot be loaded. */
  | { kind: "broken"; problem: string }
  /** The thread has let go of the processor lately. */
  | { kind: "alive" }
  /** A task is done; they are done in the order in which they came. */
  | { kind: "done"; result: SeedResult };

/** What the global object of a worker has besides; the types that come with the runtime
 * cannot be loaded together with those of the main thread. */
interface WorkerScope {
  postMessage(message: WorkerMessage): void;
  onmessage(event: MessageEvent<SeedTask>): void;
}

const scope = globalThis as unknown as WorkerScope;

const tasks: SeedTask[] = [];
let isRunning = false;

/** How often the thread says that it goes on, in real milliseconds. */
export const BEAT_MS = 250;

async function runAll(scenarios: readonly Scenario<TestHandle>[]): Promise<void> {
  if (isRunning) return;
  isRunning = true;
  for (let task = tasks.shift(); task !== undefined; task = tasks.shift()) {
    const { test } = task;
    const scenario = scenarios.find(({ name }) => name === test)!;
    const result = await runSeed(scenario, task, printTo);
    scope.postMessage({ kind: "done", result });
  }
  isRunning = false;
}

try {
  const scenarios = await collectScenarios<TestHandle>(() => import("../test_test.ts"));
  scope.onmessage = ({ data }) => {
    tasks.push(data);
    void runAll(scenarios);
  };
  setInterval(() => scope.postMessage({ kind: "alive" }), BEAT_MS);
  scope.postMessage({ kind: "ready", tests: scenarios.map(({ name }) => name) });
} catch (error) {
  const problem = error instanceof Error ? error.message : String(error);
  scope.postMessage({ kind: "broken", problem });
}
