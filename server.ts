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
import { TimeoutError } from "./labrpc.ts";

/** The identity of a request. A clerk makes one request at a time, and numbers them
 * from 1. A retry carries the number of its request. */
const RequestId = { clerk: z.string(), seq: z.number() };

export const PutAppendArgs = z.object({ key: z.string(), value: z.string(), ...RequestId });
export type PutAppendArgs = z.infer<typeof PutAppendArgs>;

/** `value` is the value before an append, and "" for a put. */
export const PutAppendReply = z.object({ value: z.string() });
export type PutAppendReply = z.infer<typeof PutAppendReply>;

export const GetArgs = z.object({ key: z.string(), ...RequestId });
export type GetArgs = z.infer<typeof GetArgs>;

export const GetReply = z.object({ value: z.string() });
export type GetReply = z.infer<typeof GetReply>;

/** What the first server of a shard tells the others: the value of a key, and the
 * number of writes that led to it. */
export const CopyArgs = z.object({ key: z.string(), value: z.string(), version: z.number() });
export type CopyArgs = z.infer<typeof CopyArgs>;
export const CopyReply = z.object({});
export type CopyReply = z.infer<typeof CopyReply>;

interface Entry {
  value: string;
  version: number;
}

/** The latest request of a clerk, and the promise of its reply. */
interface Latest {
  seq: number;
  reply: Promise<{ value: string }>;
}

export class KVServer {
  /** The methods that clerks and other servers can call. Add your own if you need more. */
  static readonly rpc = {
    get: { args: GetArgs, reply: GetReply },
    put: { args: PutAppendArgs, reply: PutAppendReply },
    append: { args: PutAppendArgs, reply: PutAppendReply },
    copy: { args: CopyArgs, reply: CopyReply },
  };

  readonly #cfg: ServerConfig;
  readonly #entries = new Map<string, Entry>();
  readonly #latest = new Map<string, Latest>();

  /** @param cfg The number of servers and of replicas, the number of this server, and
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

  /** Adds to the end of a key's value, and replies with the value before. A missing
   * key counts as "". */
  async append(args: PutAppendArgs): Promise<PutAppendReply> {
    const first = this.#firstServer(args.key);
    if (first !== this.#cfg.me) return await this.#cfg.peers[first]!.call("KVServer.append", args);
    return await this.#once(args, async () => {
      const old = this.#value(args.key);
      await this.#write(args.key, old + args.value);
      return { value: old };
    });
  }

  /** Stores a value unless a newer one has arrived before it. */
  copy({ key, value, version }: CopyArgs): CopyReply {
    const entry = this.#entries.get(key);
    if (entry === undefined || entry.version < version) this.#entries.set(key, { value, version });
    return {};
  }

  /** Executes a request, or answers a retry of it with the same reply.
   *
   * One entry per clerk is enough: the clerk's next request implies that it saw the
   * reply to this one. Nobody waits for the reply to an older request, so a late
   * retry gets none. */
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

  /** Sets a value here immediately, and returns when every replica has it. */
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
