/**
 * The requirements of the assignment are measured by what a submission does, whatever its code
 * looks like.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { mayRunProcesses } from "../cli/permissions_fixture.ts";
import { requirementsLine } from "../testing/requirements.ts";
import { CORPUS, corpusEntries, expectationOf } from "./expectation.ts";
import { filesOf, loadMachines, stopCompiler, unmetBy } from "./entry_fixture.ts";

const options = { ignore: !mayRunProcesses, sanitizeOps: false, sanitizeResources: false };

Deno.test(
  "right entries of corpus/ meet the requirements that they are said to",
  options,
  async () => {
    const program = fileURLToPath(new URL("unmet_fixture.ts", CORPUS));
    const args = ["run", "--quiet", "--no-check", "--allow-all", program];
    const { stdout } = await new Deno.Command(Deno.execPath(), { args, stderr: "inherit" })
      .output();
    const measured: Record<string, string[]> = JSON.parse(new TextDecoder().decode(stdout));
    const expected: typeof measured = {};
    for (const entry of corpusEntries()) {
      const { intended, unmet } = await expectationOf(entry);
      if (intended === undefined) expected[entry] = unmet;
    }
    assertEquals(measured, expected);
  },
);

Deno.test("a submission without shards misses three requirements", options, async () => {
  const missed = ["replicates", "asks the first server first", "shares the work"];
  assertEquals(await unmetBy(await loadMachines(await filesOf("no_sharding"))), missed);
});

Deno.test("a clerk of short patience and a table that is freed by time free memory", {
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
  const server = files.get("server.ts")!;
  const timed = server.replace(
    "this.#latest.set(clerk, { seq, reply });",
    "const id = `${clerk}/${seq}`;\n" +
      "this.#latest.set(id, { seq, reply });\n" +
      "setTimeout(() => this.#latest.delete(id), 60_000);",
  ).replace("this.#latest.get(clerk)", "this.#latest.get(`${clerk}/${seq}`)");
  assert(timed.includes("get(`${clerk}/"));
  files.set("client.ts", hasty).set("server.ts", timed);
  assertEquals(await unmetBy(await loadMachines(files)), []);
});

Deno.test("requirementsLine() says of each requirement whether it is met", () => {
  assertEquals(
    requirementsLine([{ name: "replicates", isMet: true }, { name: "frees memory", isMet: false }]),
    "Requirements of the assignment: replicates: yes, frees memory: no",
  );
});

Deno.test.afterAll(stopCompiler);
