import type { ShardConfig } from "./config.ts";
import type { ClientEnd } from "./labrpc.ts";
import type { KVServer } from "./server.ts";

export class Clerk {
  readonly #server: ClientEnd<KVServer>;

  constructor(servers: ClientEnd<KVServer>[], _cfg: ShardConfig) {
    this.#server = servers[0]!;
  }

  async get(key: string): Promise<string> {
    const reply = await this.#server.call("KVServer.get", { key });
    return reply.value;
  }

  async put(key: string, value: string): Promise<void> {
    await this.#server.call("KVServer.put", { key, value });
  }

  async append(key: string, value: string): Promise<string> {
    const reply = await this.#server.call("KVServer.append", { key, value });
    return reply.value;
  }
}
