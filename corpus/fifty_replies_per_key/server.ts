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
  // the last requests for each key and our answers
  #last = new Map<string, { id: string; value: string }[]>();

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
    const answer = this.#answer(args);
    if (answer !== undefined) return { value: answer };
    this.#data.set(args.key, args.value);
    this.#remember(args, "");
    return { value: "" };
  }

  async append(args: PutAppendArgs): Promise<PutAppendReply> {
    const first = this.#firstServer(args.key);
    if (first !== this.#cfg.me) return await this.#cfg.peers[first]!.call("KVServer.append", args);
    const answer = this.#answer(args);
    if (answer !== undefined) return { value: answer };
    const old = this.#data.get(args.key) ?? "";
    this.#data.set(args.key, old + args.value);
    this.#remember(args, old);
    return { value: old };
  }

  #answer({ key, clientId, seq }: PutAppendArgs): string | undefined {
    return this.#last.get(key)?.find(({ id }) => id === `${clientId} ${seq}`)?.value;
  }

  #remember({ key, clientId, seq }: PutAppendArgs, value: string): void {
    const answers = this.#last.get(key) ?? [];
    answers.push({ id: `${clientId} ${seq}`, value });
    this.#last.set(key, answers.slice(-50));
  }

  #firstServer(key: string): number {
    return Number(key) % this.#cfg.nservers;
  }
}
