/**
 * The program of a process that measures what the tests do not: the memory that servers keep, and
 * the requirements. It has no permission.
 *
 * @module
 */

import { measuredBy, measureRequirements } from "../../testing/requirements.ts";
import "./console.ts";
import { serve } from "./parent.ts";

// The tests report a submission that fails.
await serve(async () => {
  const { makeShardConfig } = await import("../../config.ts");
  const run = { seed: 1, clock: "virtual", network: "unreliable" } as const;
  return { ready: await measureRequirements(measuredBy(makeShardConfig, run)) };
});
