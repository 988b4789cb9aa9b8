import type { ShardConfig } from "./config.ts";
import { type ClientEnd, TimeoutError } from "./labrpc.ts";
import type { KVServer } from "./server.ts";

export class Clerk {
  #servers: ClientEnd<KVServer>[];
  #cfg: ShardConfig;
  #clientId = crypto.randomUUID();
  #seq = 0;

  constructor(servers: ClientEnd<KVServer>[], cfg: ShardConfig) {
    this.#servers = servers;
    this.#cfg = cfg;
  }

  async get(key: string): Promise<string> {
    const reply = await this.#send(key, (server) => server.call("KVServer.get", { key }));
    return reply.value;
  }

  async put(key: string, value: string): Promise<void> {
    const args = { key, value, clientId: this.#clientId, seq: ++this.#seq };
    await this.#send(key, (server) => server.call("KVServer.put", args));
  }

  async append(key: string, value: string): Promise<string> {
    const args = { key, value, clientId: this.#clientId, seq: ++this.#seq };
    const reply = await this.#send(key, (server) => server.call("KVServer.append", args));
    return reply.value;
  }

  async #send<T>(key: string, call: (server: ClientEnd<KVServer>) => Promise<T>): Promise<T> {
    const { nservers, nreplicas } = this.#cfg;
    const first = Number(key) % nservers;
    for (let i = 0;; i++) {
      try {
        return await call(this.#servers[(first + i % nreplicas) % nservers]!);
      } catch (err) {
        if (!(err instanceof TimeoutError)) throw err;
      }
    }
  }
}
