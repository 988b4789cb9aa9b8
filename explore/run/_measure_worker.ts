/**
 * The inside of a process that measures what the tests do not: what servers keep, and
 * which requirements are met. It has no permission.
 *
 * @module
 */

import type { TraceListener } from "../../testing/trace_event.ts";
import { collectScenarios } from "../../testing/register.ts";
import {
  type ClusterSize,
  type Measured,
  measureRequirements,
} from "../../testing/requirements.ts";
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
  // The module that builds clusters registers what a test runner has to do after tests.
  let makeShardConfig: typeof import("../../config.ts").makeShardConfig;
  await collectScenarios(async () => ({ makeShardConfig } = await import("../../config.ts")));
  const makeCluster = (size: ClusterSize, listener?: TraceListener) => {
    const hooks = { print() {}, ...listener && { listener } };
    return makeShardConfig({ name: "requirements", run: RUN, hooks }, {
      ...size,
      unreliable: false,
    });
  };
  say({ measured: await measureRequirements(makeCluster) });
} catch {
  // A submission that fails is told so by its tests.
  say({});
}
