/**
 * Runs small submissions for the tests of realms.
 *
 * @module
 */

import type { Run } from "../../config.ts";
import { RpcError, type Transport } from "../../labrpc.ts";
import * as labrpc from "../../labrpc.ts";
import { Simulation } from "../../sim/mod.ts";
import { LabFailure } from "../../testing/failure_report.ts";
import type { Machines } from "../../testing/machines.ts";
import { PlainMachines } from "../../testing/plain_machines.ts";
import { labTests } from "../../testing/lab_tests.ts";
import { mayRunProcesses } from "../../cli/permissions_fixture.ts";
import type { Bundle } from "./bundle.ts";
import { bundleSubmission } from "./bundle.ts";
import { RealmFactory } from "./machines.ts";

if (mayRunProcesses) await import("../../test_test.ts");

/** A server that stores nothing. */
const IDLE_SERVER = `
import { z } from "zod";
const Any = z.object({ key: z.string() });
export class KVServer {
  static readonly rpc = {
    get: { args: Any, reply: Any }, put: { args: Any, reply: Any }, append: { args: Any, reply: Any },
  };
  get = () => ({ key: "" });
  put = () => ({ key: "" });
  append = () => ({ key: "" });
}
`;

/** The bundled servers by their texts. */
const servers = new Map<string, Promise<Bundle>>();

/** Bundles a submission whose files import only types from each other. Each server is bundled once,
 * since that takes much longer than a clerk. */
export async function bundleFiles(files: ReadonlyMap<string, string>): Promise<Bundle> {
  const [client, server] = [files.get("client.ts")!, files.get("server.ts")!];
  if (!servers.has(server)) {
    servers.set(server, bundleSubmission(new Map([["client.ts", ""], ["server.ts", server]])));
  }
  const bundle = await bundleSubmission(new Map([["client.ts", client], ["server.ts", ""]]));
  return { ...await servers.get(server)!, client: bundle.client };
}

/** Bundles a clerk with a body of `get`, in which `servers` are its links.
 *
 * @param top Statements at the top of the module. */
async function bundleOf(body: string, top = ""): Promise<Bundle> {
  const client = `
import { TimeoutError, RpcError, type ClientEnd } from "./labrpc.ts";
${top}
export class Clerk {
  constructor(private servers: any[], private cfg: any) {}
  async get(key: string): Promise<any> { const servers = this.servers; ${body} }
  put() {}
  append() {}
}
`;
  return await bundleFiles(new Map([["client.ts", client], ["server.ts", IDLE_SERVER]]));
}

/** Runs the body of a clerk's `get` in a realm.
 *
 * @param body Statements.
 * @param top Statements at the top of the module.
 * @returns The value that the body returned or threw, and the printed lines.
 */
export async function evaluate(
  body: string,
  top = "",
  expectReturn = true,
): Promise<{ returned?: unknown; threw?: unknown; printed: string[] }> {
  const printed: string[] = [];
  const factory = new RealmFactory(await bundleOf(body, top), {
    print: (line) => printed.push(line) > 0,
  });
  const outcome = await evaluateOn(await factory.machines());
  // An unexpected error is most often a mistake in the body.
  if (expectReturn && outcome.threw !== undefined) throw outcome.threw;
  return { ...outcome, printed };
}

/** Runs the body of a clerk's `get` in two realms that use the same context in turn.
 *
 * @returns The outcome in the second realm. */
export async function evaluateAgain(
  body: string,
  top = "",
): Promise<{ returned?: unknown; threw?: unknown }> {
  const series = new RealmFactory(await bundleOf(body, top)).series();
  await evaluateOn(await series.machines());
  return await evaluateOn(await series.machines());
}

async function evaluateOn(machines: Machines): Promise<{ returned?: unknown; threw?: unknown }> {
  using simulation = new Simulation({ seed: 1, clock: "virtual" });
  const { clock, random } = simulation;
  machines.begin!({ clock, random, busyWait() {} });
  const refuse: Transport = (method, _args, { reject }) =>
    reject(new RpcError(`No ${method} here`));
  const clerk = machines.clerk(0, { nservers: 1, nreplicas: 1 }, [refuse]);
  const outcome = await new Promise<{ returned?: unknown; threw?: unknown }>((resolve) => {
    clerk.start({ op: "get", key: "k" }, {
      resolve: (returned) => resolve({ returned }),
      reject: (threw) => resolve({ threw }),
    });
  });
  // The runtime reports unhandled rejections now.
  await simulation.settle();
  return outcome;
}

/** Makes machines in this realm. */
export function plainMachines({ client, server }: Bundle): Machines {
  const load = ({ code }: Bundle["client"]) => (0, eval)(code)(labrpc) as object;
  const modules = { server: load(server), client: load(client) };
  return new PlainMachines({ server: () => modules.server, client: () => modules.client });
}

/** Runs a test.
 *
 * @param name Its name up to the colon.
 * @param turnMsMax The limit of one turn of the event loop, in real milliseconds.
 * @returns The digest of the run, or the failure report. */
export async function runOutcome(
  name: string,
  seed: number,
  machines: Machines,
  turnMsMax?: number,
): Promise<string> {
  const scenario = labTests.find((each) => each.name.startsWith(`${name}:`))!;
  let config: Run | undefined;
  const started = (made: Run) => void (config = made);
  const limits = turnMsMax === undefined ? undefined : { turnMsMax, cpuMsMax: Infinity };
  try {
    await scenario.run({
      name: scenario.name,
      run: { seed, clock: "virtual", network: "unreliable" },
      hooks: { machines, started, print() {}, ...limits && { limits } },
    });
  } catch (error) {
    return error instanceof LabFailure ? error.message : String(error);
  }
  return config!.summary.digest;
}
