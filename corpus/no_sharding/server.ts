import { z } from "zod";
import type { ServerConfig } from "./config.ts";

export const PutAppendArgs = z.object({
  key: z.string(),
  value: z.string(),
  clientId: z.number(),
  requestId: z.number(),
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

  #data = new Map<string, string>();
  // the last request of every client and what we answered
  #last = new Map<number, { requestId: number; reply: PutAppendReply }>();

  constructor(_cfg: ServerConfig) {}

  get(args: GetArgs): GetReply {
    return { value: this.#data.get(args.key) ?? "" };
  }

  put(args: PutAppendArgs): PutAppendReply {
    return this.#once(args, () => {
      this.#data.set(args.key, args.value);
      return { value: "" };
    });
  }

  append(args: PutAppendArgs): PutAppendReply {
    return this.#once(args, () => {
      const old = this.#data.get(args.key) ?? "";
      this.#data.set(args.key, old + args.value);
      return { value: old };
    });
  }

  #once(args: PutAppendArgs, run: () => PutAppendReply): PutAppendReply {
    const last = this.#last.get(args.clientId);
    if (last && args.requestId <= last.requestId) return last.reply;
    const reply = run();
    this.#last.set(args.clientId, { requestId: args.requestId, reply });
    return reply;
  }
}
