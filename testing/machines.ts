/**
 * The machines of a run: its servers and clerks, made from the student's classes.
 *
 * A config knows its machines only through these interfaces, so that they can run in this
 * realm, as `PlainMachines` do, or in separate realms, as in grading. Outcomes are passed in
 * callbacks and not in promises, so that the order of events is the same in every realm.
 *
 * @module
 */

import { ClientEnd, type MethodTable, Service, type Settle, type Transport } from "../labrpc.ts";
import { type Clock, PlainError, type Random } from "../sim/mod.ts";
import type { Request } from "./cluster.ts";

/** The size of the cluster, which each machine gets. */
export type ShardConfig = {
  /** The number of servers, which is the number of shards. */
  nservers: number;
  /** The number of servers that hold each shard. */
  nreplicas: number;
};

/** The size of a cluster, and whether its network loses messages. */
export interface ClusterOptions extends ShardConfig {
  unreliable: boolean;
}

/** A submission lacks a part, so that nothing can run. */
export class SubmissionError extends PlainError {
  override readonly name = "SubmissionError";
}

/** A clerk as a config sees it. */
export interface ClerkMachine {
  /** Starts one operation.
   *
   * @param request The operation.
   * @param settle Receives what the clerk's method returned or threw. */
  start(request: Request, settle: Settle): void;
}

/** The run that machines are part of. */
export interface MachineRun {
  readonly clock: Clock;
  /** The stream from which `chanceOf` makes the chance of each machine. */
  readonly random: Random;
  /** Ends the run because a machine waits in a loop that reads the clock. */
  busyWait(): void;
}

/** Makes the machines of one run. */
export interface Machines {
  /** Called before any machine is made. */
  begin?(run: MachineRun): void;
  /** Makes server `cfg.me`.
   *
   * @param links A link to each server, in the order of their numbers. */
  server(cfg: ShardConfig & { me: number }, links: readonly Transport[]): MethodTable;
  /** Makes a clerk.
   *
   * @param id The number of the clerk.
   * @param links A link to each server, in the order of their numbers. */
  clerk(id: number, cfg: ShardConfig, links: readonly Transport[]): ClerkMachine;
  /** Converts an error that a machine left unhandled to one of this realm. */
  adopt?(error: unknown): unknown;
}

/** The operations. Each is a handler of the server and a method of the clerk. */
const OPERATIONS = ["get", "put", "append"] as const;

/** A student's clerk, whose results may have any type. */
type StudentClerk = Record<Request["op"], (...args: string[]) => unknown>;

/** Makes a server of the class that a student's module exports.
 *
 * @throws {SubmissionError} The module lacks the class, or the class a part.
 */
export function makeServer(
  module: object,
  cfg: ShardConfig & { me: number },
  links: readonly Transport[],
): Service {
  const KVServer = studentClass(module, "server.ts", "KVServer");
  const { rpc } = KVServer as { rpc?: object };
  for (const op of OPERATIONS) {
    if (rpc === undefined || Object.hasOwn(rpc, op)) continue;
    throw new SubmissionError(`server.ts: KVServer.rpc has no entry "${op}"; add it`);
  }
  const peers = links.map((link) => new ClientEnd<object>(link));
  const server = new KVServer({ ...cfg, peers });
  checkMade(server, "server.ts", "KVServer");
  return new Service(server);
}

/** Makes a clerk of the class that a student's module exports.
 *
 * @throws {SubmissionError} The module lacks the class, or the class a part.
 */
export function makeClerk(
  module: object,
  cfg: ShardConfig,
  links: readonly Transport[],
): ClerkMachine {
  const Clerk = studentClass(module, "client.ts", "Clerk");
  const servers = links.map((link) => new ClientEnd<object>(link));
  const clerk = new Clerk(servers, { ...cfg }) as StudentClerk;
  checkMade(clerk, "client.ts", "Clerk");
  for (const op of OPERATIONS) {
    if (typeof clerk[op] === "function") continue;
    throw new SubmissionError(`client.ts: Clerk has no method "${op}"; add it`);
  }
  return {
    start({ op, key, value }, settle) {
      const args = value === undefined ? [key] : [key, value];
      let result: unknown;
      try {
        result = clerk[op](...args);
      } catch (error) {
        return settle.reject(error);
      }
      Promise.resolve(result).then(settle.resolve, settle.reject);
    },
  };
}

/** Refuses the result of an asynchronous constructor. */
function checkMade(made: object, file: string, name: string): void {
  if (!(made instanceof Promise)) return;
  throw new SubmissionError(
    `${file}: the constructor of ${name} returned a promise, which nothing awaits; ` +
      "await in the methods instead",
  );
}

/** Finds a class at run time, so that a clear error reports a missing one. */
function studentClass(
  module: object,
  file: string,
  name: string,
): new (...args: unknown[]) => object {
  const found = (module as Record<string, unknown>)[name];
  if (typeof found === "function") return found as new (...args: unknown[]) => object;
  throw new SubmissionError(
    `${file} does not export a class "${name}"; add "export class ${name}"`,
  );
}
