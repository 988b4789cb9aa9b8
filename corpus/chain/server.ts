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

// `left` servers of the chain come after this one
export const ChainArgs = z.object({
  key: z.string(),
  value: z.string(),
  version: z.number(),
  left: z.number(),
});
export type ChainArgs = z.infer<typeof ChainArgs>;

export const ChainReply = z.object({});
export type ChainReply = z.infer<typeof ChainReply>;

export class KVServer {
  static readonly rpc = {
    get: { args: GetArgs, reply: GetReply },
    put: { args: PutAppendArgs, reply: PutAppendReply },
    append: { args: PutAppendArgs, reply: PutAppendReply },
    chain: { args: ChainArgs, reply: ChainReply },
    read: { args: GetArgs, reply: GetReply },
  };

  #cfg: ServerConfig;
  #data = new Map<string, { value: string; version: number }>();
  // the last request of each client and what it is answered
  #last = new Map<string, { seq: number; reply: Promise<PutAppendReply> }>();

  constructor(cfg: ServerConfig) {
    this.#cfg = cfg;
  }

  async get(args: GetArgs): Promise<GetReply> {
    const first = this.#firstServer(args.key);
    const tail = (first + this.#cfg.nreplicas - 1) % this.#cfg.nservers;
    return tail === this.#cfg.me
      ? this.read(args)
      : await this.#cfg.peers[tail]!.call("KVServer.read", args);
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

  async chain({ key, value, version, left }: ChainArgs): Promise<ChainReply> {
    const mine = this.#data.get(key);
    if (mine === undefined || mine.version < version) this.#data.set(key, { value, version });
    const next = this.#cfg.peers[(this.#cfg.me + 1) % this.#cfg.nservers]!;
    while (left > 0) {
      try {
        return await next.call("KVServer.chain", { key, value, version, left: left - 1 });
      } catch (err) {
        if (!(err instanceof TimeoutError)) throw err;
      }
    }
    return {};
  }

  read({ key }: GetArgs): GetReply {
    return { value: this.#value(key) };
  }

  // a copy of a request gets the reply of the first one, even if that is not there yet
  async #once(
    { clientId, seq }: PutAppendArgs,
    run: () => Promise<PutAppendReply>,
  ): Promise<PutAppendReply> {
    const last = this.#last.get(clientId);
    if (last !== undefined && seq <= last.seq) return await last.reply;
    const reply = run();
    this.#last.set(clientId, { seq, reply });
    return await reply;
  }

  async #write(key: string, value: string): Promise<void> {
    const version = (this.#data.get(key)?.version ?? 0) + 1;
    await this.chain({ key, value, version, left: this.#cfg.nreplicas - 1 });
  }

  #value(key: string): string {
    return this.#data.get(key)?.value ?? "";
  }

  #firstServer(key: string): number {
    return Number(key) % this.#cfg.nservers;
  }
}
