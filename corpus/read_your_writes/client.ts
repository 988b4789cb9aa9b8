import type { ShardConfig } from "./config.ts";
import { type ClientEnd, TimeoutError } from "./labrpc.ts";
import type { KVServer } from "./server.ts";

export class Clerk {
  #servers: ClientEnd<KVServer>[];
  #cfg: ShardConfig;
  #clientId = crypto.randomUUID();
  #seq = 0;
  // the version of each key that we have seen
  #seen = new Map<string, number>();

  constructor(servers: ClientEnd<KVServer>[], cfg: ShardConfig) {
    this.#servers = servers;
    this.#cfg = cfg;
  }

  async get(key: string): Promise<string> {
    const args = { key, seen: this.#seen.get(key) ?? 0 };
    const reply = await this.#send(key, (server) => server.call("KVServer.get", args));
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

  async #send<T extends { version: number }>(
    key: string,
    call: (server: ClientEnd<KVServer>) => Promise<T>,
  ): Promise<T> {
    const { nservers, nreplicas } = this.#cfg;
    const first = Number(key) % nservers;
    for (let i = 0;; i++) {
      try {
        const reply = await call(this.#servers[(first + i % nreplicas) % nservers]!);
        this.#seen.set(key, Math.max(reply.version, this.#seen.get(key) ?? 0));
        return reply;
      } catch (err) {
        if (!(err instanceof TimeoutError)) throw err;
      }
    }
  }
}
