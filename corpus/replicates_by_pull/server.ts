import { z } from "zod";
import type { ServerConfig } from "./config.ts";
import { TimeoutError } from "./labrpc.ts";

export const PutAppendArgs = z.object({
  key: z.string(),
  value: z.string(),
  clientId: z.string(),
  seq: z.number(),
});
export type PutAppendArgs = z.infer<typeof PutAppendArgs>;

export const PutAppendReply = z.object({ value: z.string() });
export type PutAppendReply = z.infer<typeof PutAppendReply>;

export const GetArgs = z.object({ key: z.string() });
export type GetArgs = z.infer<typeof GetArgs>;

export const GetReply = z.object({ value: z.string() });
export type GetReply = z.infer<typeof GetReply>;

export const PullArgs = z.object({ seen: z.record(z.string(), z.number()) });
export type PullArgs = z.infer<typeof PullArgs>;

export const PullReply = z.object({
  pairs: z.array(z.object({ key: z.string(), value: z.string(), version: z.number() })),
});
export type PullReply = z.infer<typeof PullReply>;

class Mutex {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#last.then(task);
    this.#last = result.catch(() => {});
    return result;
  }
}

export class KVServer {
  static readonly rpc = {
    get: { args: GetArgs, reply: GetReply },
    put: { args: PutAppendArgs, reply: PutAppendReply },
    append: { args: PutAppendArgs, reply: PutAppendReply },
    pull: { args: PullArgs, reply: PullReply },
  };

  #cfg: ServerConfig;
  #data = new Map<string, { value: string; version: number }>();
  #mutex = new Mutex();
  // the last request of each client and our answer
  #last = new Map<string, { seq: number; reply: PutAppendReply }>();

  constructor(cfg: ServerConfig) {
    this.#cfg = cfg;
    const { me, nservers, nreplicas } = cfg;
    setInterval(() => {
      for (let i = 1; i < nreplicas; i++) void this.#pullFrom((me - i + nservers) % nservers);
    }, 500);
  }

  async get(args: GetArgs): Promise<GetReply> {
    const first = this.#firstServer(args.key);
    if (first !== this.#cfg.me) return await this.#cfg.peers[first]!.call("KVServer.get", args);
    return { value: this.#value(args.key) };
  }

  async put(args: PutAppendArgs): Promise<PutAppendReply> {
    const first = this.#firstServer(args.key);
    if (first !== this.#cfg.me) return await this.#cfg.peers[first]!.call("KVServer.put", args);
    return await this.#once(args, async () => {
      await this.#write(args.key, args.value);
      return { value: "" };
    });
  }

  async append(args: PutAppendArgs): Promise<PutAppendReply> {
    const first = this.#firstServer(args.key);
    if (first !== this.#cfg.me) return await this.#cfg.peers[first]!.call("KVServer.append", args);
    return await this.#once(args, async () => {
      const old = this.#value(args.key);
      await this.#write(args.key, old + args.value);
      return { value: old };
    });
  }

  // one request at a time, so that a copy finds the first one done
  #once(
    { clientId, seq }: PutAppendArgs,
    run: () => Promise<PutAppendReply>,
  ): Promise<PutAppendReply> {
    return this.#mutex.run(async () => {
      const last = this.#last.get(clientId);
      if (last !== undefined && seq <= last.seq) return last.reply;
      const reply = await run();
      this.#last.set(clientId, { seq, reply });
      return reply;
    });
  }

  async #write(key: string, value: string): Promise<void> {
    const version = (this.#data.get(key)?.version ?? 0) + 1;
    this.#data.set(key, { value, version });
  }

  // what a backup does not have yet
  pull({ seen }: PullArgs): PullReply {
    const { me, nservers } = this.#cfg;
    const pairs: PullReply["pairs"] = [];
    for (const [key, { value, version }] of this.#data) {
      if (this.#firstServer(key) !== me) continue;
      if (version > (seen[key] ?? 0)) pairs.push({ key, value, version });
    }
    return { pairs: pairs.slice(0, nservers * 20) };
  }

  async #pullFrom(server: number): Promise<void> {
    const seen: Record<string, number> = {};
    for (const [key, { version }] of this.#data) {
      if (this.#firstServer(key) === server) seen[key] = version;
    }
    try {
      const { pairs } = await this.#cfg.peers[server]!.call("KVServer.pull", { seen });
      for (const { key, value, version } of pairs) this.#data.set(key, { value, version });
    } catch (err) {
      if (!(err instanceof TimeoutError)) throw err;
    }
  }

  #value(key: string): string {
    return this.#data.get(key)?.value ?? "";
  }

  #firstServer(key: string): number {
    return Number(key) % this.#cfg.nservers;
  }
}
