/**
 * Clerks of a run meet nowhere but in their servers.
 *
 * @module
 */

import { assertEquals, assertMatch } from "@std/assert";
import type { TestHandle } from "../../config.ts";
import * as labrpc from "../../labrpc.ts";
import { type Machines, PlainMachines } from "../../testing/machines.ts";
import { collectScenarios } from "../../testing/register.ts";
import { mayRunProcesses } from "../permissions.ts";
import { bundleSubmission, RealmFactory, stopBundler } from "../realm/mod.ts";
import { MEETING_PLACES, meetingClerk } from "./meeting_places.ts";

const options = { ignore: !mayRunProcesses, sanitizeOps: false, sanitizeResources: false };

const scenarios = mayRunProcesses
  ? await collectScenarios<TestHandle>(() => import("../../test_test.ts"))
  : [];

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

/** Runs TestUnreliableOneKey, in which several clerks use the same key.
 *
 * @returns "" if it passed, or its report. */
async function outcome(machines: Machines): Promise<string> {
  const { name, run } = scenarios.find((each) => each.name.startsWith("TestUnreliableOneKey:"))!;
  try {
    const options = { seed: 5, clock: "virtual", network: "unreliable" } as const;
    await run({ name, run: options, hooks: { machines, print() {} } });
    return "";
  } catch (error) {
    return String(error);
  }
}

Deno.test(
  "a clerk that keeps the store in a shared object passes where one is shared",
  options,
  async () => {
    const { client, server } = await bundleOf("lab.TimeoutError");
    const module = ({ code }: { code: string }) => (0, eval)(code)(labrpc) as object;
    const [clients, servers] = [module(client), module(server)];
    assertEquals(
      await outcome(new PlainMachines({ client: () => clients, server: () => servers })),
      "",
    );
  },
);

for (const place of MEETING_PLACES) {
  Deno.test(`clerks do not meet in ${place}`, options, async () => {
    const factory = new RealmFactory(await bundleOf(place));
    assertMatch(await outcome(await factory.machines()), /LabFailure: /);
  });
}

Deno.test.afterAll(stopBundler);
