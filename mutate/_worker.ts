/**
 * The inside of a process that runs mutants, one after another, without any permission.
 *
 * @module
 */

import "../explore/run/console.ts";
import { beat, ignoreInterrupts, listen, post } from "../explore/run/parent.ts";
import { labTests } from "../testing/lab_tests.ts";
import type { MutantResult, MutantTask } from "./run_mutant.ts";

/** A message of the process to its parent. */
export type WorkerMessage =
  /** It is ready for a task. */
  | { kind: "ready" }
  /** It has let go of the processor lately. */
  | { kind: "alive" }
  /** The task is done. */
  | { kind: "done"; result: MutantResult };

const say = (message: WorkerMessage) => post(message);

ignoreInterrupts();
await import("../test_test.ts");
const { runMutant } = await import("./run_mutant.ts");
// What a mutant leaves behind must not end the runs after it.
globalThis.addEventListener("unhandledrejection", (event) => event.preventDefault());
globalThis.addEventListener("error", (event) => event.preventDefault());
beat();
say({ kind: "ready" });
await listen<MutantTask>(async (task) => {
  say({ kind: "done", result: await runMutant(labTests, task) });
});
