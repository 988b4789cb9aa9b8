/**
 * The machines of one cluster: servers and clerks of the student's classes, each with a link of
 * its own to every server. A server that is stopped is cut off from all clerks, and servers
 * still reach each other, as in the original.
 *
 * @module
 */

import { type Network, Server, type Transport } from "../labrpc.ts";
import { constructionViolation } from "./explain.ts";
import type { Violation } from "./failure_report.ts";
import { linkName } from "./link_names.ts";
import type { ClerkMachine, MachineConfig, Machines } from "./machines.ts";
import { clerkName, serverName } from "./names.ts";

/** The machines of one cluster. */
export class ClusterMachines {
  readonly #machines: Machines;
  readonly #size: MachineConfig;
  readonly #network: Network;
  readonly #fail: (violation: Violation) => never;
  readonly #stopped = new Set<number>();
  /** The ends of each clerk, in the order of the servers. */
  readonly #clerks = new Map<number, string[]>();
  #made: string | undefined;

  /** @param machines Makes a machine of its links.
   * @param fail Ends the run if a machine cannot be made. */
  constructor(
    machines: Machines,
    { nservers, nreplicas }: MachineConfig,
    network: Network,
    fail: (violation: Violation) => never,
  ) {
    this.#machines = machines;
    this.#size = { nservers, nreplicas };
    this.#network = network;
    this.#fail = fail;
  }

  /** The class of which something is being made, if any. */
  get made(): string | undefined {
    return this.#made;
  }

  /** Makes all servers, and adds them to the network. */
  addServers(): void {
    for (let me = 0; me < this.#size.nservers; me++) {
      const links = this.#endsOf(serverName(me)).map((end, to) => this.#link(end, to, true));
      const server = new Server();
      server.addService(
        this.#make("KVServer", () => this.#machines.server({ ...this.#size, me }, links)),
      );
      this.#network.addServer(serverName(me), server);
    }
  }

  /** Makes a clerk that is linked to all servers. */
  makeClerk(id: number): ClerkMachine {
    const ends = this.#endsOf(clerkName(id));
    this.#clerks.set(id, ends);
    const links = ends.map((end, to) => {
      const link = this.#link(end, to, !this.#stopped.has(to));
      this.#network.flap(end, true);
      return link;
    });
    return this.#make("Clerk", () => this.#machines.clerk(id, { ...this.#size }, links));
  }

  /** Removes the links of a clerk. */
  deleteClerk(id: number): void {
    for (const end of this.#clerks.get(id) ?? []) this.#network.deleteEnd(end);
    this.#clerks.delete(id);
  }

  /** Returns the number of calls that a clerk made. */
  rpcsOf(id: number): number {
    const ends = this.#clerks.get(id) ?? [];
    return ends.reduce((sum, end) => sum + this.#network.getEndCount(end), 0);
  }

  /** Cuts all clerks off from a server, or connects them again.
   *
   * @throws {RangeError} There is no such server. */
  enable(server: number, enabled: boolean): void {
    const { nservers } = this.#size;
    if (!Number.isInteger(server) || server < 0 || server >= nservers) {
      throw new RangeError(`There is no server ${server}; expected one from 0 to ${nservers - 1}`);
    }
    if (enabled) this.#stopped.delete(server);
    else this.#stopped.add(server);
    for (const ends of this.#clerks.values()) this.#network.enable(ends[server]!, enabled);
  }

  #endsOf(machine: string): string[] {
    return Array.from({ length: this.#size.nservers }, (_, to) => linkName(machine, to));
  }

  #link(end: string, to: number, enabled: boolean): Transport {
    const link = this.#network.makeTransport(end);
    this.#network.connect(end, serverName(to));
    this.#network.enable(end, enabled);
    return link;
  }

  #make<T>(name: string, make: () => T): T {
    this.#made = name;
    try {
      return make();
    } catch (error) {
      this.#fail(constructionViolation(name, error));
    } finally {
      // A loop that is ended from outside does not get here.
      this.#made = undefined;
    }
  }
}
