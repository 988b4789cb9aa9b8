/**
 * The inside of a thread that measures what servers keep, without any permission.
 *
 * @module
 */

import { collectScenarios } from "../testing/register.ts";
import type { Retained } from "./retained.ts";

/** What the thread says. */
export type MemoryWorkerMessage = Retained[] | undefined;

for (const method of ["log", "info", "debug", "warn", "error"] as const) console[method] = () => {};

/** As in the tests with the fewest servers that are several. */
const CLUSTER = { nservers: 3, nreplicas: 2 };

const scope = globalThis as unknown as { postMessage(message: MemoryWorkerMessage): void };
try {
  let measured: Retained[] = [];
  // The module that builds clusters registers what a test runner has to do after tests.
  let measureRetained: typeof import("./memory.ts").measureRetained;
  await collectScenarios(async () => ({ measureRetained } = await import("./memory.ts")));
  measured = await measureRetained!(CLUSTER);
  scope.postMessage(measured);
} catch {
  // A submission that fails is told so by its tests.
  scope.postMessage(undefined);
}
