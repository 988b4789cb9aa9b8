/**
 * The links of a cluster: each clerk and each server has one to every server. A server that is
 * stopped is cut off from all clerks, and servers still reach each other, as in the original.
 *
 * @module
 */

import type { Network, Transport } from "../labrpc.ts";
import { linkName } from "./link_names.ts";
import { clerkName, serverName } from "./names.ts";

/** The links of one cluster. */
export class ClusterLinks {
  readonly #network: Network;
  readonly #nservers: number;
  readonly #stopped = new Set<number>();
  /** The ends of each clerk, in the order of the servers. */
  readonly #clerks = new Map<number, string[]>();

  constructor(network: Network, nservers: number) {
    this.#network = network;
    this.#nservers = nservers;
  }

  /** Makes the links of a server, in the order of the servers. */
  ofServer(me: number): Transport[] {
    return this.#ends(serverName(me)).map((end, to) => this.#make(end, to, true));
  }

  /** Makes the links of a clerk, in the order of the servers. */
  ofClerk(id: number): Transport[] {
    const ends = this.#ends(clerkName(id));
    this.#clerks.set(id, ends);
    return ends.map((end, to) => {
      const link = this.#make(end, to, !this.#stopped.has(to));
      this.#network.flap(end, true);
      return link;
    });
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

  /** Cuts all clerks off from a server.
   *
   * @throws {RangeError} There is no such server. */
  stop(server: number): void {
    this.#check(server);
    this.#stopped.add(server);
    this.#enable(server, false);
  }

  /** Connects all clerks to a server again.
   *
   * @throws {RangeError} There is no such server. */
  start(server: number): void {
    this.#check(server);
    this.#stopped.delete(server);
    this.#enable(server, true);
  }

  #ends(from: string): string[] {
    return Array.from({ length: this.#nservers }, (_, to) => linkName(from, to));
  }

  #make(end: string, to: number, enabled: boolean): Transport {
    const link = this.#network.makeTransport(end);
    this.#network.connect(end, serverName(to));
    this.#network.enable(end, enabled);
    return link;
  }

  #enable(server: number, enabled: boolean): void {
    for (const ends of this.#clerks.values()) this.#network.enable(ends[server]!, enabled);
  }

  #check(server: number): void {
    if (Number.isInteger(server) && server >= 0 && server < this.#nservers) return;
    throw new RangeError(
      `There is no server ${server}; expected one from 0 to ${this.#nservers - 1}`,
    );
  }
}
