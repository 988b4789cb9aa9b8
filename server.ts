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
import { TimeoutError } from "./labrpc.ts";

/** The identity of a request: clerk `clerk` makes one at a time, and numbers them
 * from 1. A retry carries the same numbers. */
const RequestId = { clerk: z.string(), seq: z.number() };

export const PutAppendArgs = z.object({ key: z.string(), value: z.string(), ...RequestId });
export type PutAppendArgs = z.infer<typeof PutAppendArgs>;

/** `value` is the value that an append found; a put leaves it empty. */
export const PutAppendReply = z.object({ value: z.string() });
export type PutAppendReply = z.infer<typeof PutAppendReply>;

export const GetArgs = z.object({ key: z.string(), ...RequestId });
export type GetArgs = z.infer<typeof GetArgs>;

export const GetReply = z.object({ value: z.string() });
export type GetReply = z.infer<typeof GetReply>;

/** What the first server of a shard tells the others: the value of a key, and
 * how many writes led to it. */
export const CopyArgs = z.object({ key: z.string(), value: z.string(), version: z.number() });
export type CopyArgs = z.infer<typeof CopyArgs>;
export const CopyReply = z.object({});
export type CopyReply = z.infer<typeof CopyReply>;

interface Entry {
  value: string;
  version: number;
}

/** The latest request of a clerk, and its answer, or the promise of it. */
interface Latest {
  seq: number;
  reply: Promise<{ value: string }>;
}

export class KVServer {
  /** The methods that can be called from outside. Add yours, if you need more. */
  static readonly rpc = {
    get: { args: GetArgs, reply: GetReply },
    put: { args: PutAppendArgs, reply: PutAppendReply },
    append: { args: PutAppendArgs, reply: PutAppendReply },
    copy: { args: CopyArgs, reply: CopyReply },
  };

  readonly #cfg: ServerConfig;
  readonly #entries = new Map<string, Entry>();
  readonly #latest = new Map<string, Latest>();

  /** One server of a cluster.
   *
   * @param cfg The number of servers and of replicas, the number of this server, and
   * a link to each server. */
  constructor(cfg: ServerConfig) {
    this.#cfg = cfg;
  }

  /** Returns the value of a key, "" if it has none. */
  async get(args: GetArgs): Promise<GetReply> {
    const first = this.#firstServer(args.key);
    if (first !== this.#cfg.me) return await this.#cfg.peers[first]!.call("KVServer.get", args);
    return await this.#once(args, () => ({ value: this.#value(args.key) }));
  }

  /** Sets the value of a key. */
  async put(args: PutAppendArgs): Promise<PutAppendReply> {
    const first = this.#firstServer(args.key);
    if (first !== this.#cfg.me) return await this.#cfg.peers[first]!.call("KVServer.put", args);
    return await this.#once(args, async () => {
      await this.#write(args.key, args.value);
      return { value: "" };
    });
  }

  /** Adds to the end of a key's value, and replies with the value before; a
   * missing key counts as "". */
  async append(args: PutAppendArgs): Promise<PutAppendReply> {
    const first = this.#firstServer(args.key);
    if (first !== this.#cfg.me) return await this.#cfg.peers[first]!.call("KVServer.append", args);
    return await this.#once(args, async () => {
      const old = this.#value(args.key);
      await this.#write(args.key, old + args.value);
      return { value: old };
    });
  }

  /** Takes over a value, unless a newer one arrived before it. */
  copy({ key, value, version }: CopyArgs): CopyReply {
    const entry = this.#entries.get(key);
    if (entry === undefined || entry.version < version) this.#entries.set(key, { value, version });
    return {};
  }

  /** Executes a request, or answers a retry of it with the same reply.
   *
   * One entry per clerk is enough: its next request to this server says that it saw
   * the reply to this one. A retry of an even older request has nobody waiting for
   * it, and is left without a reply. */
  async #once(
    { clerk, seq }: { clerk: string; seq: number },
    execute: () => { value: string } | Promise<{ value: string }>,
  ): Promise<{ value: string }> {
    const latest = this.#latest.get(clerk);
    if (latest !== undefined && seq < latest.seq) throw new TimeoutError("An outdated retry");
    if (latest !== undefined && seq === latest.seq) return await latest.reply;
    const reply = Promise.resolve(execute());
    this.#latest.set(clerk, { seq, reply });
    return await reply;
  }

  #value(key: string): string {
    return this.#entries.get(key)?.value ?? "";
  }

  /** Sets a value here at once, and returns when every replica has it. */
  async #write(key: string, value: string): Promise<void> {
    const version = (this.#entries.get(key)?.version ?? 0) + 1;
    this.#entries.set(key, { value, version });
    const { me, nreplicas, nservers } = this.#cfg;
    const copies: Promise<void>[] = [];
    for (let i = 1; i < nreplicas; i++) {
      copies.push(this.#copyTo((me + i) % nservers, { key, value, version }));
    }
    await Promise.all(copies);
  }

  async #copyTo(server: number, args: CopyArgs): Promise<void> {
    for (;;) {
      try {
        await this.#cfg.peers[server]!.call("KVServer.copy", args);
        return;
      } catch (error) {
        if (!(error instanceof TimeoutError)) throw error;
      }
    }
  }

  #firstServer(key: string): number {
    return Number(key) % this.#cfg.nservers;
  }
}
