/**
 * A right submission runs in realms as it does without: the digests are equal, event for
 * event.
 *
 * @module
 */

import { assertEquals, assertMatch } from "@std/assert";
import { mayRunProcesses } from "../grader/permissions.ts";
import { type Bundle, bundleSubmission, RealmFactory, stopBundler } from "../grader/realm/mod.ts";
import { plainMachines, runOutcome } from "../grader/realm/fixture.ts";
import { CORPUS, corpusEntries, expectationOf, TestName } from "./expectation.ts";

const options = { ignore: !mayRunProcesses, sanitizeOps: false, sanitizeResources: false };

/** With how many seeds each right entry is compared. */
const SEEDS = 1;

let bundles: Promise<[folder: string, Bundle][]> | undefined;

/** Bundles the right submissions: the lab's own and those of the corpus. */
async function bundleRight(): Promise<[folder: string, Bundle][]> {
  const folders = [new URL("../", CORPUS)];
  for (const entry of corpusEntries()) {
    const { intended } = await expectationOf(entry);
    if (intended === undefined) folders.push(new URL(`${entry}/`, CORPUS));
  }
  const bundled: [folder: string, Bundle][] = [];
  for (const folder of folders) {
    const files = new Map<string, string>();
    for (const file of ["client.ts", "server.ts"]) {
      files.set(file, await Deno.readTextFile(new URL(file, folder)));
    }
    bundled.push([folder.href, await bundleSubmission(files)]);
  }
  return bundled;
}

for (const test of TestName.options) {
  Deno.test(`${test} has the same digests in realms for right submissions`, options, async () => {
    bundles ??= bundleRight();
    for (const [folder, bundle] of await bundles) {
      const factory = new RealmFactory(bundle);
      for (let seed = 1; seed <= SEEDS; seed++) {
        const plain = await runOutcome(test, seed, plainMachines(bundle));
        const inRealms = await runOutcome(test, seed, await factory.machines());
        assertMatch(plain, /^[\da-f]{16}$/, folder);
        assertEquals(inRealms, plain, `${folder}, seed ${seed}`);
      }
    }
  });
}

Deno.test.afterAll(stopBundler);
