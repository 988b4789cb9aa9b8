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
    while (true) {
      const calls = Array.from({ length: nreplicas }, (_, i) => {
        return call(this.#servers[(first + i) % nservers]!);
      });
      try {
        return await Promise.any(calls);
      } catch (err) {
        const errors = err instanceof AggregateError ? err.errors : [err];
        const other = errors.find((each) => !(each instanceof TimeoutError));
        if (other !== undefined) throw other;
      }
    }
  }
}
