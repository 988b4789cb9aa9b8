/**
 * The inside of a process that measures what the tests do not: what servers keep, and which
 * requirements are met. It has no permission.
 *
 * @module
 */

import { measuredBy, measureRequirements } from "../../testing/requirements.ts";
import "./console.ts";
import { serve } from "./parent.ts";

// A submission that fails is told so by its tests.
await serve(async () => {
  const { makeShardConfig } = await import("../../config.ts");
  const run = { seed: 1, clock: "virtual", network: "unreliable" } as const;
  return { ready: await measureRequirements(measuredBy(makeShardConfig, run)) };
});
