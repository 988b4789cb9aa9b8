import type { ShardConfig } from "./config.ts";
import { type ClientEnd, TimeoutError } from "./labrpc.ts";
import type { KVServer } from "./server.ts";

export class Clerk {
  #servers: ClientEnd<KVServer>[];
  #cfg: ShardConfig;
  #clientId = crypto.randomUUID();
  #seqs = new Map<ClientEnd<KVServer>, number>();

  constructor(servers: ClientEnd<KVServer>[], cfg: ShardConfig) {
    this.#servers = servers;
    this.#cfg = cfg;
  }

  async get(key: string): Promise<string> {
    const reply = await this.#send(key, (server) => server.call("KVServer.get", { key }));
    return reply.value;
  }

  async put(key: string, value: string): Promise<void> {
    await this.#send(key, (server, seq) => {
      return server.call("KVServer.put", { key, value, clientId: this.#clientId, seq });
    });
  }

  async append(key: string, value: string): Promise<string> {
    const reply = await this.#send(key, (server, seq) => {
      return server.call("KVServer.append", { key, value, clientId: this.#clientId, seq });
    });
    return reply.value;
  }

  async #send<T>(
    key: string,
    call: (server: ClientEnd<KVServer>, seq: number) => Promise<T>,
  ): Promise<T> {
    const { nservers, nreplicas } = this.#cfg;
    const first = Number(key) % nservers;
    const seqs = new Map<ClientEnd<KVServer>, number>();
    for (let i = 0;; i++) {
      const server = this.#servers[(first + i % nreplicas) % nservers]!;
      if (!seqs.has(server)) {
        seqs.set(server, (this.#seqs.get(server) ?? 0) + 1);
        this.#seqs.set(server, seqs.get(server)!);
      }
      try {
        return await call(server, seqs.get(server)!);
      } catch (err) {
        if (!(err instanceof TimeoutError)) throw err;
      }
    }
  }
}
