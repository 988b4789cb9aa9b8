/**
 * The program of a process that finds the line of a loop that never yields, without any permission.
 * `deno test` runs it, since only that can parse a file.
 *
 * @module
 */

import { labTests } from "../../testing/lab_tests.ts";
import { LimitedTests } from "../../testing/limited.ts";
import "./console.ts";
import { serve } from "./parent.ts";
import type { SeedTask } from "./seed_run.ts";

await serve<SeedTask>(async () => {
  const { countLoops } = await import("../../config.ts");
  await import("../../test_test.ts");
  return {
    async work({ test: name, seed, network }) {
      const tests = new LimitedTests({ seed, clock: "virtual", network });
      const { run } = labTests.find((each) => each.name === name)!;
      return await tests.findLoop(countLoops(), run, { name });
    },
  };
});
// A file without a test ends when it is loaded.
await new Promise(() => {});
