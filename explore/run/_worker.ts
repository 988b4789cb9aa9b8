/**
 * The inside of a process that runs seeds, without any permission. It stands in the same folder
 * as the tests that it runs, so that it meets the `client.ts` and `server.ts` beside them.
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
