/**
 * Prints the requirements that each right entry of the corpus does not meet. It is a program of its
 * own since a test runner has so large a heap that collecting its garbage takes most of the time.
 *
 * @module
 */

import { filesOf, loadMachines, stopCompiler, unmetBy } from "./entry_fixture.ts";
import { corpusEntries, expectationOf } from "./expectation.ts";

const unmet: Record<string, string[]> = {};
for (const entry of corpusEntries()) {
  if ((await expectationOf(entry)).intended !== undefined) continue;
  unmet[entry] = await unmetBy(await loadMachines(await filesOf(entry)));
}
console.log(JSON.stringify(unmet));
await stopCompiler();
