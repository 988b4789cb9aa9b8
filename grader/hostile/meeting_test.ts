/**
 * Clerks of a run meet nowhere but in their servers.
 *
 * @module
 */

import { assertMatch } from "@std/assert";
import type { Machines } from "../../testing/machines.ts";
import { mayRunProcesses } from "../permissions.ts";
import { plainMachines, runOutcome } from "../realm/fixture.ts";
import { bundleSubmission, RealmFactory, stopBundler } from "../realm/mod.ts";
import { MEETING_PLACES, meetingClerk } from "./meeting_places.ts";

const options = { ignore: !mayRunProcesses, sanitizeOps: false, sanitizeResources: false };

const SERVER = `// @ts-nocheck
import { z } from "zod";
const Any = z.object({ key: z.string() });
const rpc = { args: Any, reply: Any };
export class KVServer {
  static rpc = { get: rpc, put: rpc, append: rpc };
  get(args) { return args; }
  put(args) { return args; }
  append(args) { return args; }
}
`;

async function bundleOf(place: string) {
  return await bundleSubmission(
    new Map([["client.ts", meetingClerk(place)], ["server.ts", SERVER]]),
  );
}

/** Runs a test in which several clerks use the same key. */
function outcome(machines: Machines): Promise<string> {
  return runOutcome("TestUnreliableOneKey", 5, machines);
}

Deno.test(
  "a clerk that keeps the store in a shared object passes where one is shared",
  options,
  async () => {
    const bundle = await bundleOf("lab.TimeoutError");
    assertMatch(await outcome(plainMachines(bundle)), /^[\da-f]{16}$/);
  },
);

for (const place of MEETING_PLACES) {
  Deno.test(`clerks do not meet in ${place}`, options, async () => {
    const factory = new RealmFactory(await bundleOf(place));
    assertMatch(await outcome(await factory.machines()), /\n {2}hint: /);
  });
}

Deno.test.afterAll(stopBundler);
