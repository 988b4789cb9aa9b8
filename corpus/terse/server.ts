import { z } from "zod";
import type { ServerConfig } from "./config.ts";

const Args = z.object({ key: z.string(), value: z.string(), id: z.string(), n: z.number() });
const Reply = z.object({ value: z.string() });
type Args = z.infer<typeof Args>;
type Reply = z.infer<typeof Reply>;
const wire = { args: Args, reply: Reply };

export class KVServer {
  static readonly rpc = { get: wire, put: wire, append: wire };
  #data = new Map<string, string>();
  #seen = new Map<string, { n: number; reply: Reply }>();

  constructor(readonly cfg: ServerConfig) {}

  get = (args: Args) => this.#run("get", args, (old) => [old, old]);
  put = (args: Args) => this.#run("put", args, () => [args.value, ""]);
  append = (args: Args) => this.#run("append", args, (old) => [old + args.value, old]);

  #run(
    op: "get" | "put" | "append",
    args: Args,
    step: (old: string) => [string, string],
  ): Reply | Promise<Reply> {
    const first = +args.key % this.cfg.nservers, { id, n, key } = args;
    if (first !== this.cfg.me) return this.cfg.peers[first]!.call(`KVServer.${op}`, args);
    if (n > (this.#seen.get(id)?.n ?? 0)) {
      const [next, value] = step(this.#data.get(key) ?? "");
      this.#data.set(key, next);
      this.#seen.set(id, { n, reply: { value } });
    }
    return this.#seen.get(id)!.reply;
  }
}
