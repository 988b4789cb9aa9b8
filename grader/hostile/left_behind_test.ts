/**
 * A context that several runs use carries nothing from one run to the next.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { judge } from "../judge/run.ts";
import { mayRunProcesses } from "../../cli/permissions_fixture.ts";
import { bundleFiles, runOutcome } from "../realm/fixture.ts";
import { RealmFactory, stopBundler } from "../realm/mod.ts";
import { idleServer } from "./idle_server.ts";
import { KEEPS_RUNNING, LEFTOVERS } from "./left_behind.ts";
import { meetingClerk } from "./meeting_places.ts";
import { machinesOfOneContext } from "./shared_context.ts";

const options = { ignore: !mayRunProcesses, sanitizeOps: false, sanitizeResources: false };
const TEST = "TestUnreliableOneKey";

async function bundleOf(body: string, top = "") {
  const client = meetingClerk(`${body}\nreturn new Map();`, top);
  return await bundleFiles(new Map([["client.ts", client], ["server.ts", idleServer]]));
}

/** Runs a test twice in the same contexts.
 *
 * @returns The printed lines of each run. */
async function printedInTwoRuns(bundle: Awaited<ReturnType<typeof bundleOf>>) {
  let lines: string[] = [];
  const series = new RealmFactory(bundle, { print: (line) => lines.push(line) > 0 }).series();
  const printed: string[][] = [];
  for (let run = 0; run < 2; run++) {
    lines = [];
    await runOutcome(TEST, 5, await series.machines());
    printed.push(lines);
  }
  return printed;
}

for (const { leaves, leave, find } of LEFTOVERS) {
  Deno.test(
    `a clerk finds ${leaves} in a shared context, but not in the next run`,
    options,
    async () => {
      // The first operation of each clerk looks for the change; every operation makes it.
      const body = `if (!this.isOld) console.log(${find} ? "found" : "nothing");
this.isOld = true;
${leave}`;
      const bundle = await bundleOf(body);
      const shared: string[] = [];
      await runOutcome(TEST, 5, machinesOfOneContext(bundle, (line) => void shared.push(line)));
      assert(shared.includes("found"));
      for (const printed of await printedInTwoRuns(bundle)) {
        assertEquals([...new Set(printed)], ["nothing"]);
      }
    },
  );
}

for (const [what, code] of Object.entries(KEEPS_RUNNING)) {
  Deno.test(`${what} stop when their run ends`, options, async () => {
    const top = `let name;
const tell = () => console.log(name ??= String(performance.now()) + Math.random());`;
    const bundle = await bundleOf(
      `if (this.isOld) return new Map();\nthis.isOld = true;\n${code}`,
      top,
    );
    const [first, second] = await printedInTwoRuns(bundle);
    assert(first!.length > 0);
    // Both runs print the same lines unless the first still runs in the second.
    assertEquals(second, first);
  });
}

/** A correct clerk that fails if it finds its own change from an earlier run. */
const FAILS_ON_LEFTOVER: [from: string, to: string] = [
  "this.#cfg = cfg;",
  `this.#cfg = cfg;
    const at: any = Array.prototype.at;
    if (at.isLeft) throw new Error("found");
    at.isLeft = true;`,
];

Deno.test(
  "judge() passes correct code that fails if it finds its own leftovers",
  options,
  async () => {
    const files = new Map<string, string>();
    for (const file of ["client.ts", "server.ts"]) {
      files.set(file, await Deno.readTextFile(new URL(`../../${file}`, import.meta.url)));
    }
    files.set("client.ts", files.get("client.ts")!.replace(...FAILS_ON_LEFTOVER));
    const bundle = await bundleFiles(files);
    const series = new RealmFactory(bundle).series();
    assertMatch(await runOutcome(TEST, 1, await series.machines()), /^[\da-f]{16}$/);
    assertMatch(await runOutcome(TEST, 2, await series.machines()), /found/);
    const { tests } = await judge(bundle, { seeds: [1, 2, 3], tests: [TEST] });
    assertEquals(tests.map(({ passed, seedsRun }) => [passed, seedsRun]), [[true, 3]]);
  },
);

Deno.test.afterAll(stopBundler);
