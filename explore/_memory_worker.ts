/**
 * The inside of a process that measures what servers keep, without any permission.
 *
 * @module
 */

import { measureRetained, type Retained } from "./memory.ts";
import { collectScenarios } from "../testing/register.ts";
import "./_console.ts";
import { ignoreInterrupts, post } from "./_parent.ts";

/** What the process says. */
export interface MemoryWorkerMessage {
  /** Absent if the submission does not get that far. */
  retained?: Retained[];
}

/** As in the tests with the fewest servers that are several. */
const CLUSTER = { nservers: 3, nreplicas: 2, unreliable: false };

const RUN = { seed: 1, clock: "virtual", network: "unreliable" } as const;

const say = (message: MemoryWorkerMessage) => post(message);

ignoreInterrupts();
try {
  // The module that builds clusters registers what a test runner has to do after tests.
  let makeShardConfig: typeof import("../config.ts").makeShardConfig;
  await collectScenarios(async () => ({ makeShardConfig } = await import("../config.ts")));
  const makeCluster = () => makeShardConfig({ name: "memory", run: RUN }, CLUSTER);
  say({ retained: await measureRetained(makeCluster, CLUSTER.nservers) });
} catch {
  // A submission that fails is told so by its tests.
  say({});
}
