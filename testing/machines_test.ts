import { assertRejects, assertStringIncludes } from "@std/assert";
import * as client from "../client.ts";
import { makeShardConfig } from "../config.ts";
import * as server from "../server.ts";
import { LabFailure } from "./failure_report.ts";
import { PlainMachines } from "./plain_machines.ts";

const { get, put, append } = server.KVServer.rpc;

class ShortTable {
  static readonly rpc = { get, put };
}

class ShortServer {
  static readonly rpc = { get, put, append };
  get() {}
  put() {}
}

class ShortClerk {
  get() {}
  append() {}
}

const INCOMPLETE: [modules: { server?: object; client?: object }, message: string][] = [
  [
    { server: {} },
    'server.ts does not export a class "KVServer"; add "export class KVServer"',
  ],
  [
    { server: { KVServer: ShortTable } },
    'server.ts: KVServer.rpc has no entry "append"; add it',
  ],
  [
    { server: { KVServer: ShortServer } },
    'its rpc table lists "append" but it has no method "append"',
  ],
  [{ client: { Clerk: ShortClerk } }, 'client.ts: Clerk has no method "put"; add it'],
];

for (const [modules, message] of INCOMPLETE) {
  Deno.test(`a test says in one line: ${message}`, async () => {
    const machines = new PlainMachines({
      server: () => modules.server ?? server,
      client: () => modules.client ?? client,
    });
    const run = { seed: 1, clock: "virtual", network: "unreliable" } as const;
    const failure = await assertRejects(async () => {
      const t = { name: "TestX", run, hooks: { machines } };
      await using cfg = makeShardConfig(t, { nservers: 2, nreplicas: 2, unreliable: false });
      await cfg.makeClient().get("0");
    }, LabFailure);
    assertStringIncludes(failure.message.split("\n")[0]!, message);
  });
}
