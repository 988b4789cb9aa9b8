import { z } from "zod";
import type { ServerConfig } from "./config.ts";

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
    executePut: { args: PutAppendArgs, reply: PutAppendReply },
    executeAppend: { args: PutAppendArgs, reply: PutAppendReply },
  };

  #cfg: ServerConfig;
  #data = new Map<string, string>();
  // the last request of each client and our answer
  #last = new Map<string, { seq: number; reply: Promise<PutAppendReply> }>();

  constructor(cfg: ServerConfig) {
    this.#cfg = cfg;
  }

  async get(args: GetArgs): Promise<GetReply> {
    const first = this.#firstServer(args.key);
    if (first !== this.#cfg.me) return await this.#cfg.peers[first]!.call("KVServer.get", args);
    return { value: this.#data.get(args.key) ?? "" };
  }

  async put(args: PutAppendArgs): Promise<PutAppendReply> {
    return await this.#once(args, async () => {
      const first = this.#firstServer(args.key);
      if (first === this.#cfg.me) return this.executePut(args);
      return await this.#cfg.peers[first]!.call("KVServer.executePut", args);
    });
  }

  async append(args: PutAppendArgs): Promise<PutAppendReply> {
    return await this.#once(args, async () => {
      const first = this.#firstServer(args.key);
      if (first === this.#cfg.me) return this.executeAppend(args);
      return await this.#cfg.peers[first]!.call("KVServer.executeAppend", args);
    });
  }

  executePut({ key, value }: PutAppendArgs): PutAppendReply {
    this.#data.set(key, value);
    return { value: "" };
  }

  executeAppend({ key, value }: PutAppendArgs): PutAppendReply {
    const old = this.#data.get(key) ?? "";
    this.#data.set(key, old + value);
    return { value: old };
  }

  async #once(
    { clientId, seq }: PutAppendArgs,
    execute: () => Promise<PutAppendReply>,
  ): Promise<PutAppendReply> {
    const last = this.#last.get(clientId);
    if (last !== undefined && seq <= last.seq) return await last.reply;
    const reply = execute();
    this.#last.set(clientId, { seq, reply });
    return await reply;
  }

  #firstServer(key: string): number {
    return Number(key) % this.#cfg.nservers;
  }
}
