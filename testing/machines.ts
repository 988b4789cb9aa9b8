/**
 * The machines of a run: its servers and clerks, made from the student's classes.
 *
 * A config knows its machines only through these interfaces, so that they can run in this
 * realm, as `PlainMachines` do, or in realms of their own, as in grading. Calls
 * and their outcomes cross in callbacks and not in promises: the order of events is then
 * the same wherever a machine runs.
 *
 * @module
 */

import { ClientEnd, type MethodTable, Service, type Settle, type Transport } from "../labrpc.ts";
import { type Clock, PlainError, type Random } from "../sim/mod.ts";
import type { Request } from "./cluster.ts";

/** The size of the cluster, which every machine knows. */
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

/** A part that a submission lacks before anything can run. */
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
  /** The stream from which each machine takes its chance, by {@linkcode chanceOf}. */
  readonly random: Random;
  /** Ends the run because a machine reads the clock on and on at one time. */
  busyWait(): void;
}

/** Makes the machines of one run. */
export interface Machines {
  /** Called before the first machine is made. */
  begin?(run: MachineRun): void;
  /** Makes server `cfg.me`.
   *
   * @param links One to each server, in the order of their numbers. */
  server(cfg: ShardConfig & { me: number }, links: readonly Transport[]): MethodTable;
  /** Makes a clerk.
   *
   * @param id The number of the clerk.
   * @param links One to each server, in the order of their numbers. */
  clerk(id: number, cfg: ShardConfig, links: readonly Transport[]): ClerkMachine;
  /** Replaces an error that a machine left unhandled by one of this realm. */
  adopt?(error: unknown): unknown;
}

/** The operations: each is a handler of the server and a method of the clerk. */
const OPERATIONS = ["get", "put", "append"] as const;

/** A clerk as a student writes it, before its results are known to be right. */
type StudentClerk = Record<Request["op"], (...args: string[]) => unknown>;

/** Makes a server of the class that a student's module exports.
 *
 * @throws {SubmissionError} The module lacks something.
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
 * @throws {SubmissionError} The module lacks something.
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

/** Refuses what an asynchronous constructor returns. */
function checkMade(made: object, file: string, name: string): void {
  if (!(made instanceof Promise)) return;
  throw new SubmissionError(
    `${file}: the constructor of ${name} returned a promise, which nothing awaits; ` +
      "await in the methods instead",
  );
}

// The classes are looked up at run time, so that one that is missing is reported in the
// lab's words.
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
