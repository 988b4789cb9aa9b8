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
  };

  #cfg: ServerConfig;
  #data = new Map<string, string>();
  // the last request of each client and our answer
  #last = new Map<string, { seq: number; value: string }>();

  constructor(cfg: ServerConfig) {
    this.#cfg = cfg;
  }

  async get(args: GetArgs): Promise<GetReply> {
    const first = this.#firstServer(args.key);
    if (first !== this.#cfg.me) return await this.#cfg.peers[first]!.call("KVServer.get", args);
    return { value: this.#data.get(args.key) ?? "" };
  }

  async put(args: PutAppendArgs): Promise<PutAppendReply> {
    const first = this.#firstServer(args.key);
    if (first !== this.#cfg.me) return await this.#cfg.peers[first]!.call("KVServer.put", args);
    const last = this.#last.get(args.clientId);
    if (last !== undefined && args.seq <= last.seq) return { value: last.value };
    this.#data.set(args.key, args.value);
    this.#remember(args, "");
    return { value: "" };
  }

  async append(args: PutAppendArgs): Promise<PutAppendReply> {
    const first = this.#firstServer(args.key);
    if (first !== this.#cfg.me) return await this.#cfg.peers[first]!.call("KVServer.append", args);
    const last = this.#last.get(args.clientId);
    if (last !== undefined && args.seq <= last.seq) return { value: last.value };
    const old = this.#data.get(args.key) ?? "";
    this.#data.set(args.key, old + args.value);
    this.#remember(args, old);
    return { value: old };
  }

  #remember({ clientId, seq }: PutAppendArgs, value: string): void {
    this.#last.delete(clientId);
    this.#last.set(clientId, { seq, value });
    // a hundred clients are more than there ever are at once
    if (this.#last.size > 100) this.#last.delete(this.#last.keys().next().value!);
  }

  #firstServer(key: string): number {
    return Number(key) % this.#cfg.nservers;
  }
}
