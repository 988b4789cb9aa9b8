/**
 * The main module of a process that runs mutants without any permission.
 *
 * @module
 */

import "../explore/run/console.ts";
import { serve } from "../explore/run/parent.ts";
import { labTests } from "../testing/lab_tests.ts";
import type { MutantTask } from "./run_mutant.ts";

await serve<MutantTask>(async () => {
  await import("../test_test.ts");
  const { runMutant } = await import("./run_mutant.ts");
  // Errors that a mutant leaves behind must not end later runs.
  globalThis.addEventListener("unhandledrejection", (event) => event.preventDefault());
  globalThis.addEventListener("error", (event) => event.preventDefault());
  return { work: (task) => runMutant(labTests, task) };
});
