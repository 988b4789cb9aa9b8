/**
 * The inside of a thread that measures what servers keep, without any permission.
 *
 * @module
 */

import { measureRetained, type Retained } from "./memory.ts";
import { collectScenarios } from "../testing/register.ts";
import "./_console.ts";

/** What the thread says. */
export type MemoryWorkerMessage = Retained[] | undefined;

/** As in the tests with the fewest servers that are several. */
const CLUSTER = { nservers: 3, nreplicas: 2, unreliable: false };

const RUN = { seed: 1, clock: "virtual", network: "unreliable" } as const;

const scope = globalThis as unknown as { postMessage(message: MemoryWorkerMessage): void };
try {
  // The module that builds clusters registers what a test runner has to do after tests.
  let makeShardConfig: typeof import("../config.ts").makeShardConfig;
  await collectScenarios(async () => ({ makeShardConfig } = await import("../config.ts")));
  const makeCluster = () => makeShardConfig({ name: "memory", run: RUN }, CLUSTER);
  scope.postMessage(await measureRetained(makeCluster, CLUSTER.nservers));
} catch {
  // A submission that fails is told so by its tests.
  scope.postMessage(undefined);
}
