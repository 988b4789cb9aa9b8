/**
 * The inside of a process that runs seeds, one after another, without any permission.
 * It stands in the same folder as the tests that it runs, so that it meets the
 * `client.ts` and `server.ts` beside them.
 *
 * @module
 */

import { labTests } from "../../testing/lab_tests.ts";
import { printTo } from "./console.ts";
import { beat, ignoreInterrupts, listen, post } from "./parent.ts";
import { runSeed, type SeedResult, type SeedTask } from "./seed_run.ts";

/** A message of the process to its parent. */
export type WorkerMessage =
  /** It is ready for tasks. */
  | { kind: "ready"; tests: string[] }
  /** It never will be: the tests, or the submission, cannot be loaded. */
  | { kind: "broken"; problem: string }
  /** The process has let go of the processor lately. */
  | { kind: "alive" }
  /** A task is done; they are done in the order in which they came. */
  | { kind: "done"; result: SeedResult };

const say = (message: WorkerMessage) => post(message);

const tasks: SeedTask[] = [];
let isRunning = false;

async function runAll(): Promise<void> {
  if (isRunning) return;
  isRunning = true;
  for (let task = tasks.shift(); task !== undefined; task = tasks.shift()) {
    const { test } = task;
    const scenario = labTests.find(({ name }) => name === test)!;
    const result = await runSeed(scenario, task, printTo);
    say({ kind: "done", result });
  }
  isRunning = false;
}

ignoreInterrupts();
try {
  await import("../../test_test.ts");
  beat();
  say({ kind: "ready", tests: labTests.map(({ name }) => name) });
  void listen<SeedTask>((task) => {
    tasks.push(task);
    void runAll();
  });
} catch (error) {
  const problem = error instanceof Error ? error.message : String(error);
  say({ kind: "broken", problem });
}
