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
import type { ClientEnd } from "./labrpc.ts";
import type { KVServer } from "./server.ts";

export class Clerk {
  readonly #servers: ClientEnd<KVServer>[];
  readonly #cfg: ShardConfig;
  // Your code here

  /** @param servers A link to each server, in the order of their numbers.
   * @param cfg The number of servers and of replicas. */
  constructor(servers: ClientEnd<KVServer>[], cfg: ShardConfig) {
    this.#servers = servers;
    this.#cfg = cfg;
  }

  /** Returns the value of a key, "" if it has none. */
  get(key: string): Promise<string> {
    throw new Error(`Your code here: get ${key} from one of ${this.#servers.length} servers`);
  }

  /** Sets the value of a key. */
  put(key: string, value: string): Promise<void> {
    throw new Error(`Your code here: put ${value} into ${key}, shards: ${this.#cfg.nservers}`);
  }

  /** Adds to the end of a key's value. A missing key counts as "".
   *
   * @returns The value before. */
  append(key: string, value: string): Promise<string> {
    throw new Error(`Your code here: append ${value} to ${key}`);
  }
}
