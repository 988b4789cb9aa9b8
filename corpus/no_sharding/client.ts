import type { ShardConfig } from "./config.ts";
import { type ClientEnd, TimeoutError } from "./labrpc.ts";
import type { KVServer } from "./server.ts";

export class Clerk {
  #server: ClientEnd<KVServer>;
  #clientId = Math.floor(Math.random() * Number.MAX_SAFE_INTEGER);
  #requestId = 0;

  constructor(servers: ClientEnd<KVServer>[], _cfg: ShardConfig) {
    this.#server = servers[0]!;
  }

  async get(key: string): Promise<string> {
    const reply = await this.#retry(() => this.#server.call("KVServer.get", { key }));
    return reply.value;
  }

  async put(key: string, value: string): Promise<void> {
    const args = { key, value, clientId: this.#clientId, requestId: ++this.#requestId };
    await this.#retry(() => this.#server.call("KVServer.put", args));
  }

  async append(key: string, value: string): Promise<string> {
    const args = { key, value, clientId: this.#clientId, requestId: ++this.#requestId };
    const reply = await this.#retry(() => this.#server.call("KVServer.append", args));
    return reply.value;
  }

  async #retry<T>(call: () => Promise<T>): Promise<T> {
    while (true) {
      try {
        return await call();
      } catch (err) {
        if (!(err instanceof TimeoutError)) throw err;
      }
    }
  }
}
