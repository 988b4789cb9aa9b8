import type { ShardConfig } from "./config.ts";
import { type ClientEnd, TimeoutError } from "./labrpc.ts";
import type { KVServer } from "./server.ts";

export class Clerk {
  readonly #servers: ClientEnd<KVServer>[];
  readonly #cfg: ShardConfig;

  constructor(servers: ClientEnd<KVServer>[], cfg: ShardConfig) {
    this.#servers = servers;
    this.#cfg = cfg;
  }

  get(key: string): Promise<string> {
    return this.#ask(key, (server, id) => server.call("KVServer.get", { key, id }));
  }

  async put(key: string, value: string): Promise<void> {
    await this.#ask(key, (server, id) => server.call("KVServer.put", { key, value, id }));
  }

  append(key: string, value: string): Promise<string> {
    return this.#ask(key, (server, id) => server.call("KVServer.append", { key, value, id }));
  }

  async #ask(
    key: string,
    request: (server: ClientEnd<KVServer>, id: string) => Promise<{ value: string }>,
  ): Promise<string> {
    const { nservers, nreplicas } = this.#cfg;
    const id = crypto.randomUUID();
    for (let attempt = 0;; attempt++) {
      const i = (Number(key) + attempt % nreplicas) % nservers;
      try {
        return (await request(this.#servers[i]!, id)).value;
      } catch (error) {
        if (!(error instanceof TimeoutError)) throw error;
      }
    }
  }
}
