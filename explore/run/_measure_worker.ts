/**
 * The inside of a process that measures what the tests do not: what servers keep, and
 * which requirements are met. It has no permission.
 *
 * @module
 */

import { type Measured, measuredBy, measureRequirements } from "../../testing/requirements.ts";
import "./console.ts";
import { ignoreInterrupts, post } from "./parent.ts";

/** The measurements, or nothing if the submission does not get that far. */
export interface MeasureMessage {
  measured?: Measured;
}

const RUN = { seed: 1, clock: "virtual", network: "unreliable" } as const;

const say = (message: MeasureMessage) => post(message);

ignoreInterrupts();
try {
  const { makeShardConfig } = await import("../../config.ts");
  const makeCluster = measuredBy(makeShardConfig, RUN);
  say({ measured: await measureRequirements(makeCluster) });
} catch {
  // A submission that fails is told so by its tests.
  say({});
}
