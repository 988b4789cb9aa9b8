import type { ShardConfig } from "./config.ts";
import { type ClientEnd, TimeoutError } from "./labrpc.ts";
import type { KVServer } from "./server.ts";

type Op = "get" | "put" | "append";

export class Clerk {
  #id = crypto.randomUUID();
  #n = 0;

  constructor(readonly ends: ClientEnd<KVServer>[], readonly cfg: ShardConfig) {}

  get = (key: string) => this.#run("get", key);
  put = async (key: string, value: string) => void await this.#run("put", key, value);
  append = (key: string, value: string) => this.#run("append", key, value);

  async #run(op: Op, key: string, value = ""): Promise<string> {
    const { nservers, nreplicas } = this.cfg, args = { key, value, id: this.#id, n: ++this.#n };
    for (let i = +key;; i = i + 1 - +key < nreplicas ? i + 1 : +key) {
      const reply = await this.ends[i % nservers]!.call(`KVServer.${op}`, args).catch(
        (e: unknown) => {
          if (!(e instanceof TimeoutError)) throw e;
        },
      );
      if (reply) return reply.value;
    }
  }
}
