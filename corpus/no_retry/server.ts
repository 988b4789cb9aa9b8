import { z } from "zod";
import type { ServerConfig } from "./config.ts";

export const PutAppendArgs = z.object({ key: z.string(), value: z.string() });
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

  readonly #values = new Map<string, string>();

  constructor(_cfg: ServerConfig) {}

  get({ key }: GetArgs): GetReply {
    return { value: this.#values.get(key) ?? "" };
  }

  put({ key, value }: PutAppendArgs): PutAppendReply {
    this.#values.set(key, value);
    return { value: "" };
  }

  append({ key, value }: PutAppendArgs): PutAppendReply {
    const old = this.#values.get(key) ?? "";
    this.#values.set(key, old + value);
    return { value: old };
  }
}
