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

export const CopyArgs = z.object({ key: z.string(), value: z.string(), version: z.number() });
export type CopyArgs = z.infer<typeof CopyArgs>;

export const CopyReply = z.object({});
export type CopyReply = z.infer<typeof CopyReply>;

export class KVServer {
  static readonly rpc = {
    get: { args: GetArgs, reply: GetReply },
    put: { args: PutAppendArgs, reply: PutAppendReply },
    append: { args: PutAppendArgs, reply: PutAppendReply },
    copy: { args: CopyArgs, reply: CopyReply },
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

  copy({ key, value, version }: CopyArgs): CopyReply {
    const mine = this.#data.get(key);
    if (mine === undefined || mine.version < version) this.#data.set(key, { value, version });
    return {};
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
    this.#data.set(key, { value, version });
    await this.#replicate({ key, value, version });
  }

  async #replicate(args: CopyArgs): Promise<void> {
    const { me, nservers, nreplicas } = this.#cfg;
    const copies: Promise<void>[] = [];
    for (let i = 1; i < nreplicas; i++) copies.push(this.#copyTo((me + i) % nservers, args));
    await Promise.all(copies);
  }

  async #copyTo(server: number, args: CopyArgs): Promise<void> {
    await this.#cfg.peers[server]!.call("KVServer.copy", args);
  }

  #value(key: string): string {
    return this.#data.get(key)?.value ?? "";
  }

  #firstServer(key: string): number {
    return Number(key) % this.#cfg.nservers;
  }
}
