/**
 * The clerk: what an application uses to talk to the key/value servers.
 *
 * A Clerk runs one operation at a time. An operation returns only when it has been
 * executed, exactly once, no matter how often the network loses a message.
 *
 * This is how a clerk sends a request. When no reply arrives in time, `call` throws
 * a `TimeoutError`: the server may have executed the request, or not.
 *
 * ```ts ignore
 * const reply = await this.#servers[0]!.call("KVServer.get", { key });
 * ```
 *
 * @module
 */

import type { ShardConfig } from "./config.ts";
import { type ClientEnd, TimeoutError } from "./labrpc.ts";
import type { KVServer } from "./server.ts";

export class Clerk {
  readonly #servers: ClientEnd<KVServer>[];
  readonly #cfg: ShardConfig;
  readonly #id = crypto.randomUUID();
  #seq = 0;

  /** @param servers A link to each server, in the order of their numbers.
   * @param cfg The number of servers and of replicas. */
  constructor(servers: ClientEnd<KVServer>[], cfg: ShardConfig) {
    this.#servers = servers;
    this.#cfg = cfg;
  }

  /** Returns the value of a key, "" if it has none. */
  async get(key: string): Promise<string> {
    const args = { key, ...this.#nextRequest() };
    return await this.#ask(key, (server) => server.call("KVServer.get", args));
  }

  /** Sets the value of a key. */
  async put(key: string, value: string): Promise<void> {
    const args = { key, value, ...this.#nextRequest() };
    await this.#ask(key, (server) => server.call("KVServer.put", args));
  }

  /** Adds to the end of a key's value. A missing key counts as "".
   *
   * @returns The value before. */
  async append(key: string, value: string): Promise<string> {
    const args = { key, value, ...this.#nextRequest() };
    return await this.#ask(key, (server) => server.call("KVServer.append", args));
  }

  #nextRequest(): { clerk: string; seq: number } {
    return { clerk: this.#id, seq: ++this.#seq };
  }

  /** Asks the replicas of the key's shard in turn until one answers. */
  async #ask(
    key: string,
    request: (server: ClientEnd<KVServer>) => Promise<{ value: string }>,
  ): Promise<string> {
    const { nreplicas, nservers } = this.#cfg;
    const first = Number(key) % nservers;
    for (let attempt = 0;; attempt++) {
      const server = this.#servers[(first + attempt % nreplicas) % nservers]!;
      try {
        return (await request(server)).value;
      } catch (error) {
        if (!(error instanceof TimeoutError)) throw error;
      }
    }
  }
}
