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

// everything about one key
class Record {
  value = "";
  // the last request of each client to this key, and our answer
  readonly last = new Map<string, { seq: number; value: string }>();

  write({ clientId, seq }: PutAppendArgs, value: string, reply: string): string {
    const last = this.last.get(clientId);
    if (last !== undefined && seq <= last.seq) return last.value;
    this.value = value;
    this.last.set(clientId, { seq, value: reply });
    return reply;
  }
}

export class KVServer {
  static readonly rpc = {
    get: { args: GetArgs, reply: GetReply },
    put: { args: PutAppendArgs, reply: PutAppendReply },
    append: { args: PutAppendArgs, reply: PutAppendReply },
  };

  #cfg: ServerConfig;
  #records = new Map<string, Record>();

  constructor(cfg: ServerConfig) {
    this.#cfg = cfg;
  }

  async get(args: GetArgs): Promise<GetReply> {
    const first = this.#firstServer(args.key);
    if (first !== this.#cfg.me) return await this.#cfg.peers[first]!.call("KVServer.get", args);
    return { value: this.#record(args.key).value };
  }

  async put(args: PutAppendArgs): Promise<PutAppendReply> {
    const first = this.#firstServer(args.key);
    if (first !== this.#cfg.me) return await this.#cfg.peers[first]!.call("KVServer.put", args);
    return { value: this.#record(args.key).write(args, args.value, "") };
  }

  async append(args: PutAppendArgs): Promise<PutAppendReply> {
    const first = this.#firstServer(args.key);
    if (first !== this.#cfg.me) return await this.#cfg.peers[first]!.call("KVServer.append", args);
    const record = this.#record(args.key);
    return { value: record.write(args, record.value + args.value, record.value) };
  }

  #record(key: string): Record {
    let record = this.#records.get(key);
    if (record === undefined) this.#records.set(key, record = new Record());
    return record;
  }

  #firstServer(key: string): number {
    return Number(key) % this.#cfg.nservers;
  }
}
