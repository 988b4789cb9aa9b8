import { z } from "zod";
import type { ServerConfig } from "./config.ts";
import { type ClientEnd, TimeoutError } from "./labrpc.ts";

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

export class KVServer {
  static readonly rpc = {
    get: { args: GetArgs, reply: GetReply },
    put: { args: PutAppendArgs, reply: PutAppendReply },
    append: { args: PutAppendArgs, reply: PutAppendReply },
  };

  #cfg: ServerConfig;
  #data = new Map<string, string>();
  // the last request of each client and our answer
  #last = new Map<string, { seq: number; value: string }>();

  constructor(cfg: ServerConfig) {
    this.#cfg = cfg;
  }

  async get(args: GetArgs): Promise<GetReply> {
    if (this.#firstServer(args.key) !== this.#cfg.me) {
      return await this.#forward(args.key, (server) => server.call("KVServer.get", args));
    }
    return { value: this.#data.get(args.key) ?? "" };
  }

  async put(args: PutAppendArgs): Promise<PutAppendReply> {
    if (this.#firstServer(args.key) !== this.#cfg.me) {
      return await this.#forward(args.key, (server) => server.call("KVServer.put", args));
    }
    const last = this.#last.get(args.clientId);
    if (last !== undefined && args.seq <= last.seq) return { value: last.value };
    this.#data.set(args.key, args.value);
    this.#last.set(args.clientId, { seq: args.seq, value: "" });
    return { value: "" };
  }

  async append(args: PutAppendArgs): Promise<PutAppendReply> {
    if (this.#firstServer(args.key) !== this.#cfg.me) {
      return await this.#forward(args.key, (server) => server.call("KVServer.append", args));
    }
    const last = this.#last.get(args.clientId);
    if (last !== undefined && args.seq <= last.seq) return { value: last.value };
    const old = this.#data.get(args.key) ?? "";
    this.#data.set(args.key, old + args.value);
    this.#last.set(args.clientId, { seq: args.seq, value: old });
    return { value: old };
  }

  // servers always reach each other, so it will get through
  async #forward<T>(key: string, call: (server: ClientEnd<KVServer>) => Promise<T>): Promise<T> {
    while (true) {
      try {
        return await call(this.#cfg.peers[this.#firstServer(key)]!);
      } catch (err) {
        if (!(err instanceof TimeoutError)) throw err;
      }
    }
  }

  #firstServer(key: string): number {
    return Number(key) % this.#cfg.nservers;
  }
}
