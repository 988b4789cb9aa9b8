/**
 * The inside of a thread that measures what servers keep, without any permission.
 *
 * @module
 */

import { collectScenarios } from "../testing/register.ts";
import "./_console.ts";
import type { Retained } from "./retained.ts";

/** What the thread says. */
export type MemoryWorkerMessage = Retained[] | undefined;

/** As in the tests with the fewest servers that are several. */
const CLUSTER = { nservers: 3, nreplicas: 2 };

const scope = globalThis as unknown as { postMessage(message: MemoryWorkerMessage): void };
try {
  // The module that builds clusters registers what a test runner has to do after tests.
  let measureRetained: typeof import("./memory.ts").measureRetained;
  await collectScenarios(async () => ({ measureRetained } = await import("./memory.ts")));
  scope.postMessage(await measureRetained!(CLUSTER));
} catch {
  // A submission that fails is told so by its tests.
  scope.postMessage(undefined);
}
