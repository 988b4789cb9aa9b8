/**
 * The key/value server.
 *
 * A KVServer stores its shards and answers the calls of clerks. `put`, `append`
 * and `get` must be linearizable, and each operation must be executed exactly
 * once, although a clerk has to send its request again when it hears no reply.
 *
 * Shard s holds the keys with `Number(key) % nservers === s`. Server s is its
 * first server, and the next `nreplicas - 1` servers are its other replicas. A clerk
 * that cannot reach the first server asks the next one. Servers can always reach
 * each other through `cfg.peers`.
 *
 * @module
 */

import { z } from "zod";
import type { ServerConfig } from "./config.ts";

// What travels: the arguments and the reply of each method. A field that is not
// declared here cannot be sent. What else must a request carry?

export const PutAppendArgs = z.object({ key: z.string(), value: z.string() });
export type PutAppendArgs = z.infer<typeof PutAppendArgs>;

/** `value` is the value before an append, and "" for a put. */
export const PutAppendReply = z.object({ value: z.string() });
export type PutAppendReply = z.infer<typeof PutAppendReply>;

export const GetArgs = z.object({ key: z.string() });
export type GetArgs = z.infer<typeof GetArgs>;

export const GetReply = z.object({ value: z.string() });
export type GetReply = z.infer<typeof GetReply>;

export class KVServer {
  /** The methods that clerks and other servers can call. Add your own if you need more. */
  static readonly rpc = {
    get: { args: GetArgs, reply: GetReply },
    put: { args: PutAppendArgs, reply: PutAppendReply },
    append: { args: PutAppendArgs, reply: PutAppendReply },
    // Your code here
  };

  readonly #cfg: ServerConfig;
  // Your code here

  /** @param cfg The number of servers and of replicas, the number of this server, and
   * a link to each server. */
  constructor(cfg: ServerConfig) {
    this.#cfg = cfg;
  }

  /** Returns the value of a key, "" if it has none. */
  get(args: GetArgs): GetReply | Promise<GetReply> {
    throw new Error(`Your code here: get ${args.key} on server ${this.#cfg.me}`);
  }

  /** Sets the value of a key. */
  put(args: PutAppendArgs): PutAppendReply | Promise<PutAppendReply> {
    throw new Error(`Your code here: put ${args.key} on server ${this.#cfg.me}`);
  }

  /** Adds to the end of a key's value, and replies with the value before. A missing
   * key counts as "". */
  append(args: PutAppendArgs): PutAppendReply | Promise<PutAppendReply> {
    throw new Error(`Your code here: append to ${args.key} on server ${this.#cfg.me}`);
  }
}
