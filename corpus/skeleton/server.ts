/**
 * The key/value server.
 *
 * A KVServer keeps the shards that it is responsible for and answers the calls
 * of clerks. It must make `put`, `append` and `get` linearizable, and execute
 * each operation exactly once, although clerks have to send a request again when
 * they hear no reply.
 *
 * Server s comes first for shard s, the keys with `Number(key) % nservers === s`.
 * The next `nreplicas - 1` servers are its other replicas. A clerk that cannot
 * reach the first server asks the next one; servers can always reach each other
 * through `cfg.peers`.
 *
 * @module
 */

import { z } from "zod";
import type { ServerConfig } from "./config.ts";

// What travels: the arguments and the reply of each method. A field that is not
// declared here cannot be sent. What else must a request say?

export const PutAppendArgs = z.object({ key: z.string(), value: z.string() });
export type PutAppendArgs = z.infer<typeof PutAppendArgs>;

/** `value` is the value that an append found; a put leaves it empty. */
export const PutAppendReply = z.object({ value: z.string() });
export type PutAppendReply = z.infer<typeof PutAppendReply>;

export const GetArgs = z.object({ key: z.string() });
export type GetArgs = z.infer<typeof GetArgs>;

export const GetReply = z.object({ value: z.string() });
export type GetReply = z.infer<typeof GetReply>;

export class KVServer {
  /** The methods that can be called from outside. Add yours, if you need more. */
  static readonly rpc = {
    get: { args: GetArgs, reply: GetReply },
    put: { args: PutAppendArgs, reply: PutAppendReply },
    append: { args: PutAppendArgs, reply: PutAppendReply },
    // Your code here
  };

  readonly #cfg: ServerConfig;
  // Your code here

  /** One server of a cluster.
   *
   * @param cfg The number of servers and of replicas, the number of this server, and
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

  /** Adds to the end of a key's value, and replies with the value before; a
   * missing key counts as "". */
  append(args: PutAppendArgs): PutAppendReply | Promise<PutAppendReply> {
    throw new Error(`Your code here: append to ${args.key} on server ${this.#cfg.me}`);
  }
}
