/**
 * The requirements of the assignment are measured by what a submission does, whatever its code
 * looks like.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { mayRunProcesses } from "../grader/permissions.ts";
import { requirementsLine } from "../testing/requirements.ts";
import { corpusEntries, expectationOf } from "./expectation.ts";
import { filesOf, loadMachines, stopCompiler, unmetBy } from "./entry_fixture.ts";

const options = { ignore: !mayRunProcesses, sanitizeOps: false, sanitizeResources: false };

/** Returns the requirements that an entry of the corpus does not meet. */
async function unmetByEntry(entry: string): Promise<string[]> {
  return await unmetBy(await loadMachines(await filesOf(entry)));
}

Deno.test(
  "right entries of corpus/ meet the requirements that they are said to",
  options,
  async () => {
    for (const entry of corpusEntries()) {
      const { intended, unmet } = await expectationOf(entry);
      if (intended === undefined) assertEquals([entry, await unmetByEntry(entry)], [entry, unmet]);
    }
  },
);

Deno.test("a submission without shards misses three requirements", options, async () => {
  const missed = ["replicates", "asks the first server first", "shares the work"];
  assertEquals(await unmetByEntry("no_sharding"), missed);
});

Deno.test("a clerk that gives a call less time than the network does frees memory", {
  ...options,
}, async () => {
  const files = await filesOf("..");
  const client = files.get("client.ts")!;
  const hasty = client.replace(
    "return (await request(server)).value;",
    "const wait = new Promise<undefined>((resolve) => setTimeout(resolve, 60));\n" +
      "const reply = await Promise.race([request(server), wait]);\n" +
      "if (reply !== undefined) return reply.value;",
  );
  assert(hasty !== client);
  assertEquals(await unmetBy(await loadMachines(files.set("client.ts", hasty))), []);
});

Deno.test("requirementsLine() says of each requirement whether it is met", () => {
  assertEquals(
    requirementsLine([{ name: "replicates", isMet: true }, { name: "frees memory", isMet: false }]),
    "Requirements of the assignment: replicates: yes, frees memory: no",
  );
});

Deno.test.afterAll(stopCompiler);
