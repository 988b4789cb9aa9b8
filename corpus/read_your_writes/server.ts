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

export const PutAppendReply = z.object({ value: z.string(), version: z.number() });
export type PutAppendReply = z.infer<typeof PutAppendReply>;

export const GetArgs = z.object({ key: z.string(), seen: z.number() });
export type GetArgs = z.infer<typeof GetArgs>;

export const GetReply = z.object({ value: z.string(), version: z.number() });
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
    const mine = this.#data.get(args.key) ?? { value: "", version: 0 };
    // a backup may answer if it is as new as what the client has seen
    if (first === this.#cfg.me || mine.version >= args.seen) return mine;
    return await this.#cfg.peers[first]!.call("KVServer.get", args);
  }

  async put(args: PutAppendArgs): Promise<PutAppendReply> {
    const first = this.#firstServer(args.key);
    if (first !== this.#cfg.me) return await this.#cfg.peers[first]!.call("KVServer.put", args);
    return await this.#once(args, async () => {
      return { value: "", version: this.#write(args.key, args.value) };
    });
  }

  async append(args: PutAppendArgs): Promise<PutAppendReply> {
    const first = this.#firstServer(args.key);
    if (first !== this.#cfg.me) return await this.#cfg.peers[first]!.call("KVServer.append", args);
    return await this.#once(args, async () => {
      const old = this.#value(args.key);
      return { value: old, version: this.#write(args.key, old + args.value) };
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

  #write(key: string, value: string): number {
    const version = (this.#data.get(key)?.version ?? 0) + 1;
    this.#data.set(key, { value, version });
    void this.#replicate({ key, value, version });
    return version;
  }

  async #replicate(args: CopyArgs): Promise<void> {
    const { me, nservers, nreplicas } = this.#cfg;
    const copies: Promise<void>[] = [];
    for (let i = 1; i < nreplicas; i++) copies.push(this.#copyTo((me + i) % nservers, args));
    await Promise.all(copies);
  }

  async #copyTo(server: number, args: CopyArgs): Promise<void> {
    while (true) {
      try {
        await this.#cfg.peers[server]!.call("KVServer.copy", args);
        return;
      } catch (err) {
        if (!(err instanceof TimeoutError)) throw err;
      }
    }
  }

  #value(key: string): string {
    return this.#data.get(key)?.value ?? "";
  }

  #firstServer(key: string): number {
    return Number(key) % this.#cfg.nservers;
  }
}
