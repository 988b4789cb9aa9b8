/**
 * A simulated network for remote procedure calls, after `labrpc.go` of MIT
 * 6.5840. It can lose messages, hold them back, deliver them out of order, and
 * cut single links.
 *
 * What a student needs is one method:
 *
 * ```ts ignore
 * const reply = await end.call("KVServer.put", { key: "a", value: "1" });
 * ```
 *
 * - `call` sends a request to the server behind `end` and waits for the reply.
 *   The compiler checks the name of the method, the arguments and the reply.
 * - When no reply arrives within {@linkcode RPC_TIMEOUT_MS} milliseconds, `call`
 *   throws a {@linkcode TimeoutError}. The request may have been lost, then the
 *   server never ran it; or the reply was lost or late, then it did. The error
 *   cannot tell which.
 * - A reply that arrives after the timeout is thrown away.
 * - Nothing is promised about order: two calls that are made at the same time
 *   may reach the server in either order. A call is delivered at most once: this
 *   network loses messages, but never repeats one.
 * - Arguments and replies are copied on the way. Caller and handler never share
 *   an object. Only plain data can be sent, and only the fields that the method's
 *   schemas declare; anything else is a mistake in the program, and fails the
 *   test with a message that names the method and the field.
 * - A handler may be an `async` method, and several calls may be in it at once.
 *   A handler that lets a `TimeoutError` escape sends no reply; its caller will
 *   time out as well. A handler that throws anything else fails the test.
 *
 * What a test needs besides:
 *
 * ```ts ignore
 * const network = new Network(simulation);
 * const server = new Server();
 * server.addService(new Service(new KVServer(config)));
 * network.addServer("server 0", server);
 * const end = network.makeEnd<KVServer>("clerk 0 to server 0");
 * network.connect("clerk 0 to server 0", "server 0");
 * network.enable("clerk 0 to server 0", true);
 * network.reliable(false); // lose one message in ten, hold requests back
 * network.longReordering(true); // hold back two replies in three for long
 * network.longDelays(true); // take long to fail calls to unreachable servers
 * ```
 *
 * The numbers behind these words are in `sim/faults.ts`.
 *
 * @module
 */

import type { z } from "zod";
import {
  type Clock,
  type DropReason,
  type Fate,
  type Plain,
  type Timer,
  type Trace,
} from "./sim/mod.ts";
import {
  type Conditions,
  decideFate,
  encode,
  EncodingError,
  type Random,
  RPC_TIMEOUT_MS,
} from "./sim/mod.ts";

export { RPC_TIMEOUT_MS };

/** No reply arrived in time. Whether the server ran the request is unknown. */
export class TimeoutError extends Error {
  override readonly name = "TimeoutError";

  /** @param request What was not answered, for example `"KVServer.put"`. */
  constructor(request: string) {
    super(`${request} got no reply in time; it may or may not have been executed`);
  }
}

/** A mistake in the program: never the network's doing, never worth a retry. */
export class RpcError extends Error {
  override readonly name = "RpcError";
}

/** The schemas of one method's arguments and reply. */
export interface RpcMethod {
  readonly args: z.ZodType;
  readonly reply: z.ZodType;
}

type MethodName<T> = {
  [K in keyof T & string]: T[K] extends (args: never) => unknown ? K : never;
}[keyof T & string];
type ArgsOf<T, K extends keyof T> = T[K] extends (args: infer A) => unknown ? A : never;
type ReplyOf<T, K extends keyof T> = T[K] extends (args: never) => infer R ? Awaited<R> : never;

/** One end of a link to a server: what a caller holds.
 *
 * @typeParam T The class whose methods can be called.
 * @typeParam Name The name of that class.
 */
export class ClientEnd<T, Name extends string = "KVServer"> {
  readonly #send: (method: string, args: unknown) => Promise<unknown>;

  /** Ends are made by {@linkcode Network.makeEnd}. */
  constructor(send: (method: string, args: unknown) => Promise<unknown>) {
    this.#send = send;
  }

  /** Sends a request and waits for the reply.
   *
   * @param method The class and the method, for example `"KVServer.put"`.
   * @param args The arguments: plain data, as the method's `args` schema says.
   * @returns The reply.
   * @throws {TimeoutError} No reply arrived within {@linkcode RPC_TIMEOUT_MS}.
   */
  call<K extends MethodName<T>>(
    method: `${Name}.${K}`,
    args: ArgsOf<T, K>,
  ): Promise<ReplyOf<T, K>> {
    return this.#send(method, args) as Promise<ReplyOf<T, K>>;
  }
}

interface Method extends RpcMethod {
  readonly name: string;
  run(args: unknown): unknown;
}

/** An object whose methods can be called: those that the static `rpc` table of
 * its class lists. */
export class Service {
  /** The methods by their full names. */
  readonly methods: ReadonlyMap<string, Method>;

  /** @param handler The object.
   * @throws {RpcError} Its class and its `rpc` table do not fit together. */
  constructor(handler: object) {
    const { name: className, rpc } = handler.constructor as { name: string; rpc?: unknown };
    if (typeof rpc !== "object" || rpc === null) {
      throw new RpcError(
        `Cannot serve ${className}: it has no rpc table; ` +
          `expected "static readonly rpc = { get: { args: GetArgs, reply: GetReply }, … }"`,
      );
    }
    const methods = new Map<string, Method>();
    for (const [key, schemas] of Object.entries(rpc as Record<string, Partial<RpcMethod>>)) {
      const method = (handler as Record<string, unknown>)[key];
      const name = `${className}.${key}`;
      if (typeof method !== "function") {
        throw new RpcError(
          `Cannot serve ${className}: its rpc table lists "${key}" but it has no method "${key}"; ` +
            `add the handler "${key}(args)" or remove the entry`,
        );
      }
      const { args, reply } = schemas ?? {};
      if (!isSchema(args) || !isSchema(reply)) {
        throw new RpcError(
          `Cannot serve ${name}: its entry in ${className}.rpc lacks a zod schema; ` +
            `expected "${key}: { args: …, reply: … }"`,
        );
      }
      methods.set(name, { name, args, reply, run: (input) => method.call(handler, input) });
    }
    this.methods = methods;
  }
}

function isSchema(value: unknown): value is z.ZodType {
  return typeof (value as z.ZodType | undefined)?.safeParse === "function";
}

/** A server: a place in the network that runs services. */
export class Server {
  readonly #methods = new Map<string, Method>();
  #count = 0;

  /** Adds a service; its methods answer to `ClassName.method`. */
  addService(service: Service): void {
    for (const [name, method] of service.methods) this.#methods.set(name, method);
  }

  /** The methods that this server answers. */
  get methods(): ReadonlyMap<string, Method> {
    return this.#methods;
  }

  /** How many requests reached this server. */
  getCount(): number {
    return this.#count;
  }

  /** Runs a request.
   *
   * @returns What the handler returned, a promise if it is `async`.
   * @throws {RpcError} There is no such method.
   */
  dispatch(name: string, args: unknown): unknown {
    this.#count++;
    const method = this.#methods.get(name);
    if (method === undefined) throw unknownMethod(name, this.#methods.keys());
    return method.run(args);
  }
}

function unknownMethod(name: string, known: Iterable<string>): RpcError {
  return new RpcError(`There is no method "${name}"; expected one of ${[...known].join(", ")}`);
}

/** What a network needs of the run that it is part of; a `Simulation` has it. */
export interface NetworkRun {
  readonly clock: Clock;
  readonly random: Random;
  readonly trace: Trace;
  /** Ends the run with an error. */
  fail(error: unknown): void;
}

/** The network's side of a {@linkcode ClientEnd}. */
interface Link {
  readonly end: string;
  readonly random: Random;
  server: string | undefined;
  enabled: boolean;
  count: number;
}

/** A call on its way. */
interface Call {
  readonly id: number;
  readonly method: string;
  readonly link: Link;
  readonly server: Server;
  readonly fate: Fate;
  readonly resolve: (reply: unknown) => void;
  readonly timeout: Timer;
  settled: boolean;
}

/** A network of servers and of links to them. */
export class Network {
  readonly #run: NetworkRun;
  readonly #random: Random;
  readonly #links = new Map<string, Link>();
  readonly #servers = new Map<string, Server>();
  /** The methods of every server that was ever added. */
  readonly #methods = new Map<string, Method>();
  readonly #conditions: Conditions;
  #count = 0;
  #bytes = 0;
  #done = false;

  /** @param run The run that the network is part of. */
  constructor(run: NetworkRun) {
    this.#run = run;
    this.#random = run.random.child("network");
    this.#conditions = {
      reliable: true,
      longReordering: false,
      longDelays: false,
      instant: run.clock.kind === "real",
    };
  }

  /** Makes an end. It reaches nobody until it is connected and enabled.
   *
   * @param name A name of its own.
   */
  makeEnd<T, Name extends string = "KVServer">(name: string): ClientEnd<T, Name> {
    if (this.#links.has(name)) throw new RpcError(`There is an end "${name}" already`);
    const random = this.#random.child(name);
    const link: Link = { end: name, random, server: undefined, enabled: false, count: 0 };
    this.#links.set(name, link);
    return new ClientEnd<T, Name>((method, args) => this.#send(link, method, args));
  }

  /** Takes an end away. Calls on it fail as if its server were down. */
  deleteEnd(name: string): void {
    this.#link(name).enabled = false;
    this.#links.delete(name);
  }

  /** Adds a server, or replaces the one of that name. */
  addServer(name: string, server: Server): void {
    this.#servers.set(name, server);
    for (const [method, schemas] of server.methods) this.#methods.set(method, schemas);
  }

  /** Takes a server down. Calls that it has not answered yet stay unanswered. */
  deleteServer(name: string): void {
    this.#servers.delete(name);
  }

  /** Points an end at a server. */
  connect(endName: string, serverName: string): void {
    this.#link(endName).server = serverName;
  }

  /** Opens or cuts the link of an end. Messages on their way are lost. */
  enable(endName: string, enabled: boolean): void {
    this.#link(endName).enabled = enabled;
  }

  /** Whether messages arrive; see `sim/faults.ts`. */
  reliable(yes: boolean): void {
    this.#conditions.reliable = yes;
  }

  /** Whether most replies are held back for long; see `sim/faults.ts`. */
  longReordering(yes: boolean): void {
    this.#conditions.longReordering = yes;
  }

  /** Whether calls that reach nobody take long to fail; see `sim/faults.ts`. */
  longDelays(yes: boolean): void {
    this.#conditions.longDelays = yes;
  }

  /** How many requests reached a server. */
  getCount(serverName: string): number {
    return this.#servers.get(serverName)?.getCount() ?? 0;
  }

  /** How many calls were made on an end. */
  getEndCount(endName: string): number {
    return this.#link(endName).count;
  }

  /** How many calls were made in all. */
  getTotalCount(): number {
    return this.#count;
  }

  /** How many bytes were sent in all: the JSON text of every request and every
   * reply, in UTF-8. */
  getTotalBytes(): number {
    return this.#bytes;
  }

  /** Shuts the network down. Calls that are waiting never return, so that
   * whoever retries for ever stops. */
  cleanup(): void {
    this.#done = true;
  }

  #link(name: string): Link {
    const link = this.#links.get(name);
    if (link === undefined) throw new RpcError(`There is no end "${name}"`);
    return link;
  }

  /** The server behind a link, if a message would reach it now. */
  #reach(link: Link): Server | undefined {
    return link.enabled && link.server !== undefined ? this.#servers.get(link.server) : undefined;
  }

  #send(link: Link, method: string, args: unknown): Promise<unknown> {
    if (this.#done) return new Promise(() => {});
    const id = this.#count++;
    link.count++;
    let request;
    try {
      request = this.#pack(method, "args", args);
    } catch (error) {
      this.#run.fail(error);
      return Promise.reject(error);
    }
    this.#bytes += request.bytes;
    const { clock, trace } = this.#run;
    const { bytes, content } = request;
    trace.record({ kind: "sent", message: id, end: link.end, method, bytes, content });

    const fate = decideFate(this.#conditions, link.random);
    return new Promise((resolve, reject) => {
      const server = this.#reach(link);
      const timeoutMs = server ? RPC_TIMEOUT_MS : fate.unreachableAfterMs;
      const timeout = clock.setTimer(timeoutMs, () => {
        if (this.#done) return;
        call.settled = true;
        trace.record({ kind: "timed out", message: id });
        reject(new TimeoutError(method));
      });
      const call = { id, method, link, server: server!, fate, resolve, timeout, settled: false };
      if (!server) return this.#drop(call, "request", "unreachable");
      if (fate.requestDropped) return this.#drop(call, "request", "lost");
      clock.setTimer(fate.requestDelayMs, () => this.#deliver(call, request.value));
    });
  }

  #deliver(call: Call, args: unknown): void {
    if (this.#done) return;
    if (this.#reach(call.link) !== call.server) return this.#drop(call, "request", "unreachable");
    this.#run.trace.record({ kind: "delivered", message: call.id, server: call.link.server! });
    try {
      const result = call.server.dispatch(call.method, args);
      if (!(result instanceof Promise)) return this.#reply(call, result);
      result.then((reply) => this.#reply(call, reply))
        .catch((error) => this.#handlerThrew(call, error));
    } catch (error) {
      this.#handlerThrew(call, error);
    }
  }

  #handlerThrew(call: Call, error: unknown): void {
    if (error instanceof TimeoutError) this.#drop(call, "reply", "no reply");
    else if (error instanceof RpcError) this.#run.fail(error);
    else {
      const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      this.#run.fail(new RpcError(`The handler ${call.method} threw ${what}`, { cause: error }));
    }
  }

  #reply(call: Call, result: unknown): void {
    if (this.#done) return;
    const { clock, trace } = this.#run;
    const { value, bytes, content } = this.#pack(call.method, "reply", result);
    this.#bytes += bytes;
    trace.record({ kind: "replied", message: call.id, bytes, content });
    if (call.fate.replyDropped) return this.#drop(call, "reply", "lost");
    clock.setTimer(call.fate.replyDelayMs, () => {
      if (this.#done) return;
      if (call.settled) return this.#drop(call, "reply", "late");
      if (this.#reach(call.link) !== call.server) return this.#drop(call, "reply", "unreachable");
      call.settled = true;
      clock.clearTimer(call.timeout);
      trace.record({ kind: "received", message: call.id });
      call.resolve(value);
    });
  }

  #drop(call: Call, what: "request" | "reply", why: DropReason): void {
    this.#run.trace.record({ kind: "dropped", message: call.id, what, why });
  }

  /** Encodes and decodes a message, and holds it to its schema. */
  #pack(name: string, part: "args" | "reply", message: unknown): Packed {
    const method = this.#methods.get(name);
    if (method === undefined && this.#methods.size > 0) {
      throw unknownMethod(name, this.#methods.keys());
    }
    try {
      const { value, bytes, content } = encode(message);
      if (method === undefined) return { value, bytes, content };
      const checked = method[part].safeParse(value);
      if (!checked.success) throw misfit(name, part, checked.error);
      const extra = undeclaredField(value, checked.data);
      if (extra !== undefined) throw undeclared(name, part, extra);
      return { value: checked.data, bytes, content };
    } catch (error) {
      if (!(error instanceof EncodingError)) throw error;
      throw new RpcError(`${cannotSend(name, part)}: ${error.message}`);
    }
  }
}

/** A message as it arrives. */
interface Packed {
  value: unknown;
  bytes: number;
  content: number;
}

function cannotSend(method: string, part: "args" | "reply"): string {
  return `Cannot send the ${part === "args" ? "arguments" : "reply"} of ${method}`;
}

function misfit(method: string, part: "args" | "reply", { issues }: z.ZodError): RpcError {
  const { path, message } = issues[0]!;
  const field = path.length > 0 ? `the field "${path.join(".")}"` : "it";
  const schema = `${method.replace(".", ".rpc.")}.${part}`;
  return new RpcError(
    `${cannotSend(method, part)}: ${field} does not fit the schema ${schema}: ${message}`,
  );
}

function undeclared(method: string, part: "args" | "reply", field: string): RpcError {
  const schema = `${method.replace(".", ".rpc.")}.${part}`;
  return new RpcError(
    `${cannotSend(method, part)}: the field "${field}" is not declared by the schema ${schema}; ` +
      "declare it there, or do not send it",
  );
}

/** The first field that was sent but is unknown to the schema, as a path. */
function undeclaredField(sent: Plain, known: unknown): string | undefined {
  if (typeof sent !== "object" || sent === null) return undefined;
  if (typeof known !== "object" || known === null) return undefined;
  for (const key in sent) {
    if (!Object.hasOwn(known, key)) return key;
    const value = (sent as Record<string, Plain>)[key];
    if (typeof value !== "object") continue;
    const below = undeclaredField(value, (known as Record<string, unknown>)[key]);
    if (below !== undefined) return `${key}.${below}`;
  }
  return undefined;
}
