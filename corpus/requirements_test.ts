/**
 * Right entries meet the requirements of the assignment, but for those that their
 * `expect.json` names.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { makeShardConfig } from "../config.ts";
import { mayRunProcesses } from "../grader/permissions.ts";
import { bundleSubmission, stopBundler } from "../grader/realm/mod.ts";
import { plainMachines } from "../grader/realm/fixture.ts";
import { measureRequirements, requirementsLine } from "../testing/requirements.ts";
import { CORPUS, corpusEntries, expectationOf } from "./expectation.ts";

const options = { ignore: !mayRunProcesses, sanitizeOps: false, sanitizeResources: false };
const RUN = { seed: 1, clock: "virtual", network: "unreliable" } as const;

/** Returns the requirements that an entry does not meet.
 *
 * @param entry The name of its folder, or the path from the corpus to it.
 * @param change Changes the text of its client.ts.
 */
async function unmetBy(
  entry: string,
  change: (client: string) => string = (client) => client,
): Promise<string[]> {
  const files = new Map<string, string>();
  for (const file of ["client.ts", "server.ts"]) {
    const text = await Deno.readTextFile(new URL(`${entry}/${file}`, CORPUS));
    files.set(file, file === "client.ts" ? change(text) : text);
  }
  const bundle = await bundleSubmission(files);
  const { requirements } = await measureRequirements((size, listener) => {
    const hooks = { print() {}, machines: plainMachines(bundle), ...listener && { listener } };
    return makeShardConfig({ name: "requirements", run: RUN, hooks }, {
      ...size,
      unreliable: false,
    });
  });
  return requirements.filter(({ isMet }) => !isMet).map(({ name }) => name);
}

Deno.test("right entries miss only the requirements that their expect.json names", {
  ...options,
}, async () => {
  for (const entry of corpusEntries()) {
    const { intended, unmet } = await expectationOf(entry);
    if (intended === undefined) assertEquals([entry, ...await unmetBy(entry)], [entry, ...unmet]);
  }
});

Deno.test("a submission without shards misses three requirements", options, async () => {
  const missed = ["replicates", "asks the first server first", "shares the work"];
  assertEquals(await unmetBy("no_sharding"), missed);
});

Deno.test("a clerk that gives a call less time than the network does frees memory", {
  ...options,
}, async () => {
  const hasty = (client: string) => {
    const changed = client.replace(
      "return (await request(server)).value;",
      "const wait = new Promise<undefined>((resolve) => setTimeout(resolve, 60));\n" +
        "const reply = await Promise.race([request(server), wait]);\n" +
        "if (reply !== undefined) return reply.value;",
    );
    assert(changed !== client);
    return changed;
  };
  assertEquals(await unmetBy("..", hasty), []);
});

Deno.test("requirementsLine() says of each requirement whether it is met", () => {
  assertEquals(
    requirementsLine([{ name: "replicates", isMet: true }, { name: "frees memory", isMet: false }]),
    "Requirements of the assignment: replicates: yes, frees memory: no",
  );
});

Deno.test.afterAll(stopBundler);
