/**
 * The program of a process that runs seeds, without any permission. In an overlay, it runs the
 * overlay's tests.
 *
 * @module
 */

import { labTests } from "../../testing/lab_tests.ts";
import { printTo } from "./console.ts";
import { serve } from "./parent.ts";
import { runSeed, type SeedTask } from "./seed_run.ts";

await serve<SeedTask>(async () => {
  await import("../../test_test.ts");
  return {
    ready: labTests.map(({ name }) => name),
    async work(task) {
      const scenario = labTests.find(({ name }) => name === task.test)!;
      return await runSeed(scenario, task, printTo);
    },
  };
});
