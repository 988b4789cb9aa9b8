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
    const args = this.#newArgs(key, value);
    await this.#send(key, (server) => server.call("KVServer.put", args), args);
  }

  async append(key: string, value: string): Promise<string> {
    const args = this.#newArgs(key, value);
    const reply = await this.#send(key, (server) => server.call("KVServer.append", args), args);
    return reply.value;
  }

  #newArgs(key: string, value: string) {
    return { key, value, clientId: this.#clientId, seq: ++this.#seq };
  }

  async #send<T>(
    key: string,
    call: (server: ClientEnd<KVServer>) => Promise<T>,
    args?: { seq: number },
  ): Promise<T> {
    const { nservers, nreplicas } = this.#cfg;
    const first = Number(key) % nservers;
    for (let i = 0;; i++) {
      // the server seems to have lost it: ask anew
      if (args !== undefined && i > 0 && i % 60 === 0) args.seq = ++this.#seq;
      try {
        return await call(this.#servers[(first + i % nreplicas) % nservers]!);
      } catch (err) {
        if (!(err instanceof TimeoutError)) throw err;
      }
    }
  }
}
