/**
 * Small networks for tests: a simulated run, one server, and an end that reaches it.
 *
 * @module
 */

import { z } from "zod";
import {
  type ClientEnd,
  Network,
  type NetworkOptions,
  Server,
  Service,
  TimeoutError,
} from "../labrpc.ts";
import { Simulation } from "../sim/mod.ts";
import type { NetworkEvent } from "./network_event.ts";

/** Makes a server that runs one handler. */
export function makeServer(handler: object): Server {
  const server = new Server();
  server.addService(new Service(handler));
  return server;
}

/** Makes an end that reaches "server 0". */
export function makeEnd<T, Name extends string>(
  network: Network,
  name: string,
): ClientEnd<T, Name> {
  const end = network.makeEnd<T, Name>(name);
  network.connect(name, "server 0");
  network.enable(name, true);
  return end;
}

/** A simulated network with a handler at "server 0", and "end 0" to it. */
export class NetworkLab<T extends object, Name extends string> implements Disposable {
  readonly events: NetworkEvent[] = [];
  readonly simulation: Simulation<NetworkEvent>;
  readonly network: Network;
  readonly end: ClientEnd<T, Name>;
  /** The time that each delivered request took. */
  readonly delaysMs: number[] = [];
  /** The times at which a message could not reach a server. */
  readonly unreachableMs: number[] = [];

  constructor(readonly handler: T, options: NetworkOptions & { seed?: number } = {}) {
    const sentMs = new Map<number, number>();
    const listener = (event: NetworkEvent, atMs: number) => {
      this.events.push(event);
      if (event.kind === "sent") sentMs.set(event.message, atMs);
      if (event.kind === "delivered") this.delaysMs.push(atMs - sentMs.get(event.message)!);
      if (event.kind === "dropped" && event.why === "unreachable") this.unreachableMs.push(atMs);
    };
    this.simulation = new Simulation({ seed: options.seed ?? 1, clock: "virtual", listener });
    this.network = new Network(this.simulation, options);
    this.network.addServer("server 0", makeServer(handler));
    this.end = this.makeEnd("end 0");
  }

  /** The messages that the network dropped, and why. */
  get drops(): string[] {
    return this.events.flatMap((each) => each.kind === "dropped" ? `${each.what} ${each.why}` : []);
  }

  makeEnd(name: string): ClientEnd<T, Name> {
    return makeEnd<T, Name>(this.network, name);
  }

  sleep(delayMs: number): Promise<void> {
    return this.simulation.sleep(delayMs);
  }

  wait<R>(call: Promise<R>): Promise<R> {
    return this.simulation.wait("a call", call);
  }

  [Symbol.dispose](): void {
    this.simulation[Symbol.dispose]();
  }
}

/** Answers a text. */
export type Answer = (text: string) => string | Promise<string>;

/** A handler that records its arguments. */
export class Echo {
  static readonly rpc = { ask: { args: z.string(), reply: z.string() } };
  readonly asked: string[] = [];
  readonly #answer: Answer;

  constructor(answer: Answer = (text) => `re: ${text}`) {
    this.#answer = answer;
  }

  ask(text: string): string | Promise<string> {
    this.asked.push(text);
    return this.#answer(text);
  }
}

export type EchoEnd = ClientEnd<Echo, "Echo">;

/** The outcome of a call. */
export interface Outcome {
  /** Absent if the call timed out. */
  reply: string | undefined;
  afterMs: number;
}

/** A network with an {@linkcode Echo}. */
export class EchoLab extends NetworkLab<Echo, "Echo"> {
  constructor({ answer, ...options }: NetworkOptions & { answer?: Answer; seed?: number } = {}) {
    super(new Echo(answer), options);
  }

  get echo(): Echo {
    return this.handler;
  }

  async ask(text: string, end = this.end): Promise<Outcome> {
    const startMs = this.simulation.clock.now();
    const reply = await this.wait(end.call("Echo.ask", text)).catch((error) => {
      if (!(error instanceof TimeoutError)) throw error;
    });
    const afterMs = Math.round((this.simulation.clock.now() - startMs) * 1000) / 1000;
    return { reply: reply ?? undefined, afterMs };
  }

  /** Asks "0", "1", … at the same time. */
  askMany(count: number, end = this.end): Promise<Outcome[]> {
    return Promise.all(Array.from({ length: count }, (_, i) => this.ask(String(i), end)));
  }
}
