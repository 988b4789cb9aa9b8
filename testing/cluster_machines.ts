/**
 * The machines of one cluster: servers and clerks of the student's classes, with their links.
 *
 * @module
 */

import { type Network, Server } from "../labrpc.ts";
import type { ClusterLinks } from "./cluster_links.ts";
import { constructionViolation } from "./explain.ts";
import type { Violation } from "./failure_report.ts";
import type { ClerkMachine, MachineConfig, Machines } from "./machines.ts";
import { serverName } from "./names.ts";

/** Makes the machines of one cluster. */
export class ClusterMachines {
  readonly #machines: Machines;
  readonly #size: MachineConfig;
  readonly #links: ClusterLinks;
  readonly #fail: (violation: Violation) => never;
  #made: string | undefined;

  /** @param machines Makes a machine of its links.
   * @param fail Ends the run if a machine cannot be made. */
  constructor(
    machines: Machines,
    { nservers, nreplicas }: MachineConfig,
    links: ClusterLinks,
    fail: (violation: Violation) => never,
  ) {
    this.#machines = machines;
    this.#size = { nservers, nreplicas };
    this.#links = links;
    this.#fail = fail;
  }

  /** The class of which something is being made, if any. */
  get made(): string | undefined {
    return this.#made;
  }

  /** Makes all servers, and adds them to a network. */
  addServers(network: Network): void {
    for (let me = 0; me < this.#size.nservers; me++) {
      const peers = this.#links.ofServer(me);
      const server = new Server();
      server.addService(
        this.#make("KVServer", () => this.#machines.server({ ...this.#size, me }, peers)),
      );
      network.addServer(serverName(me), server);
    }
  }

  /** Makes a clerk that is linked to all servers. */
  makeClerk(id: number): ClerkMachine {
    const links = this.#links.ofClerk(id);
    return this.#make("Clerk", () => this.#machines.clerk(id, { ...this.#size }, links));
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
