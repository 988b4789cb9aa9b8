/**
 * The machines of a run share nothing but messages.
 *
 * @module
 */

import { assertMatch } from "@std/assert";
import type { Machines } from "../../testing/machines.ts";
import { mayRunProcesses } from "../../cli/permissions_fixture.ts";
import { bundleFiles, plainMachines, runOutcome } from "../realm/fixture.ts";
import { RealmFactory, stopBundler } from "../realm/mod.ts";
import { idleServer } from "./idle_server.ts";
import { MEETING_PLACES, meetingClerk, placeClerk } from "./meeting_places.ts";
import { MEETING_WAYS } from "./meeting_ways.ts";
import { machinesOfOneContext } from "./shared_context.ts";

const options = { ignore: !mayRunProcesses, sanitizeOps: false, sanitizeResources: false };
const PASSED = /^[\da-f]{16}$/;
const FAILED = /\n {2}hint: /;

async function bundleOf(client: string) {
  return await bundleFiles(new Map([["client.ts", client], ["server.ts", idleServer]]));
}

/** Runs a test in which several clerks use the same key. */
function outcome(machines: Machines): Promise<string> {
  return runOutcome("TestUnreliableOneKey", 5, machines);
}

Deno.test(
  "a clerk that keeps the store in a shared object passes in one realm",
  options,
  async () => {
    const bundle = await bundleOf(placeClerk("lab.TimeoutError"));
    assertMatch(await outcome(plainMachines(bundle)), PASSED);
  },
);

Deno.test("servers share the variables of their module in one realm only", options, async () => {
  const [client, server] = await Promise.all(["client.ts", "server.ts"].map((file) => {
    return Deno.readTextFile(new URL(`../../${file}`, import.meta.url));
  }));
  const shared = server!
    .replace("\nexport class KVServer", "\nconst entries = new Map(), latest = new Map();\n$&")
    .replace("#entries = new Map<string, Entry>()", "#entries = entries")
    .replace("#latest = new Map<string, Latest>()", "#latest = latest")
    .replaceAll("first !== this.#cfg.me", "false")
    .replace("i < nreplicas", "false");
  const bundle = await bundleFiles(new Map([["client.ts", client!], ["server.ts", shared]]));
  const run = (machines: Machines) => runOutcome("TestStaticShards", 5, machines);
  assertMatch(await run(plainMachines(bundle)), PASSED);
  assertMatch(await run(await new RealmFactory(bundle).machines()), FAILED);
});

for (const place of MEETING_PLACES) {
  Deno.test(`clerks do not meet in ${place}`, options, async () => {
    const factory = new RealmFactory(await bundleOf(placeClerk(place)));
    assertMatch(await outcome(await factory.machines()), FAILED);
  });
}

for (const { uses, top, store } of MEETING_WAYS) {
  Deno.test(`clerks meet through ${uses} in a shared context only`, options, async () => {
    const bundle = await bundleOf(meetingClerk(store, top));
    assertMatch(await outcome(machinesOfOneContext(bundle)), PASSED);
    const series = new RealmFactory(bundle).series();
    for (let run = 0; run < 2; run++) assertMatch(await outcome(await series.machines()), FAILED);
  });
}

Deno.test.afterAll(stopBundler);
