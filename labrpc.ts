/**
 * A simulated network for remote procedure calls, after `labrpc.go` of MIT
 * 6.5840. It can lose messages, hold them back, deliver them out of order, and
 * cut single links.
 *
 * What a clerk or a server needs is one method, `call`:
 *
 * ```ts ignore
 * try {
 *   const reply = await end.call("KVServer.put", { key: "7", value: "a" });
 * } catch (error) {
 *   if (!(error instanceof TimeoutError)) throw error;
 *   // No reply. The server may have executed the request, or not.
 * }
 * ```
 *
 * - `call` sends a request to the server behind `end` and waits for the reply. It
 *   always comes back, also when the server never answers: when no reply arrives
 *   within {@linkcode RPC_TIMEOUT_MS} milliseconds, it throws a
 *   {@linkcode TimeoutError}. Either the request was lost, and the server never saw
 *   it; or the reply was lost or late, and the server did. Nobody can tell which.
 * - A call to a server that is down may fail sooner than that, or, on a network with
 *   long delays, later.
 * - A reply that arrives after the timeout is thrown away.
 * - Several calls may be under way on one end, and several in one handler. They
 *   may overtake each other: nothing is promised about order. On the graded network
 *   a request is delivered at most once: it loses messages, but never repeats one. A
 *   hostile network does, see below.
 * - Arguments and replies are copied on the way: caller and handler never share an
 *   object. Only plain data can be sent, and only what the schemas declare.
 *   Anything else is an {@linkcode RpcError}: a mistake in the program, which fails
 *   the test with a message that names the method and the field.
 *
 * A method can be called if the class lists it, with its schemas, in a static
 * table. `"KVServer.put"` is the name of the class and of the method; the compiler
 * checks both, looks the method up in the table, and checks the types of arguments and
 * reply:
 *
 * ```ts ignore
 * class KVServer {
 *   static readonly rpc = { put: { args: PutArgs, reply: PutReply } };
 *   put(args: PutArgs): PutReply | Promise<PutReply> { … }
 * }
 * ```
 *
 * - A handler that lets a `TimeoutError` escape sends no reply, so its caller will
 *   time out as well. A handler that throws anything else fails the test.
 *
 * What a test needs besides:
 *
 * ```ts ignore
 * const network = new Network(simulation);
 * const server = new Server();
 * server.addService(new Service(new KVServer(cfg)));
 * network.addServer("server 0", server);
 * const end = network.makeEnd<KVServer>("clerk 0 to server 0");
 * network.connect("clerk 0 to server 0", "server 0");
 * network.enable("clerk 0 to server 0", true);
 * network.reliable(false); // lose one message in ten, hold requests back
 * network.hostile(true); // go beyond what is graded: copies, late requests, flapping
 * ```
 *
 * Chance is a child of the run's seed, and each end has a stream of its own: the
 * same seed meets the same losses again. The numbers are in `labrpc/faults.ts`.
 *
 * @module
 */

import type { z } from "zod";
import {
  type Conditions,
  decideFate,
  decideLag,
  type Fate,
  type Flap,
  type Lag,
  type Passage,
  RPC_TIMEOUT_MS,
  worsenFate,
} from "./labrpc/faults.ts";
import { type AllowFlap, Flapping } from "./labrpc/flapping.ts";
import { MessageError, pack, type Packed } from "./labrpc/message.ts";
import type { DropReason, NetworkEvent } from "./labrpc/network_event.ts";
import { type Clock, PlainError, type Random, type Timer } from "./sim/mod.ts";

export { RPC_TIMEOUT_MS };

/** No reply arrived in time. Whether the server ran the request is unknown. */
export class TimeoutError extends PlainError {
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

/** The classes whose `rpc` tables the compiler looks up by name: {@linkcode ClientEnd.call}
 * then takes only methods that the table lists. A module adds a class by declaration
 * merging, as `config.ts` does for `KVServer`. */
// deno-lint-ignore no-empty-interface
export interface RpcClasses {}

type Listed<Name> = Name extends keyof RpcClasses
  ? RpcClasses[Name] extends { rpc: infer Table } ? keyof Table : string
  : string;
type MethodName<T, Name> = {
  [K in keyof T & string]: T[K] extends (args: never) => unknown ? K & Listed<Name> : never;
}[keyof T & string];
type ArgsOf<T, K extends keyof T> = T[K] extends (args: infer A) => unknown ? A : never;
type ReplyOf<T, K extends keyof T> = T[K] extends (args: never) => infer R ? Awaited<R> : never;

/** Receives the outcome of something that was started. */
export interface Settle {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** Receives the outcome of one call. */
export interface SettleCall extends Settle {
  /** Called if no reply arrived in time.
   *
   * @param method The class and the method that were called. */
  timeOut(method: string): void;
}

/** Sends a request over one link.
 *
 * @param method The class and the method, for example `"KVServer.put"`.
 * @param args The arguments.
 * @param settle Receives the reply, or the error that the caller sees. */
export type Transport = (method: string, args: unknown, settle: SettleCall) => void;

/** One end of a link to a server: what a caller holds.
 *
 * @typeParam T The class whose methods can be called.
 * @typeParam Name The name of that class, which a type does not tell; only needed
 * where it is not the lab's own `KVServer`.
 */
export class ClientEnd<T, Name extends string = "KVServer"> {
  readonly #transport: Transport;

  /** Ends are made by {@linkcode Network.makeEnd}. */
  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Sends a request and waits for the reply.
   *
   * @param method The class and the method, for example `"KVServer.put"`.
   * @param args The arguments: plain data, as the method's `args` schema says.
   * @returns The reply.
   * @throws {TimeoutError} No reply arrived within {@linkcode RPC_TIMEOUT_MS}, or
   * the server is down.
   * @throws {RpcError} The request could not be sent at all.
   */
  call<K extends MethodName<T, Name>>(
    method: `${Name}.${K}`,
    args: ArgsOf<T, K>,
  ): Promise<ReplyOf<T, K>> {
    return new Promise((resolve, reject) => {
      this.#transport(method, args, {
        resolve: (reply) => resolve(reply as ReplyOf<T, K>),
        timeOut: (request) => reject(new TimeoutError(request)),
        reject,
      });
    });
  }
}

/** A method that can be called. */
export interface Method {
  /** The path of its entry in the `rpc` table, for messages. */
  readonly table: string;
  /** Takes arguments across the wire.
   *
   * @throws {MessageError} They cannot be sent. */
  packArgs(args: unknown): Packed;
  /** Takes a reply across the wire.
   *
   * @throws {MessageError} It cannot be sent. */
  packReply(reply: unknown): Packed;
  /** Runs the handler.
   *
   * @param args The arguments as they arrived.
   * @param settle Receives what the handler returns or throws: at once, or when its promise
   * settles. */
  run(args: unknown, settle: Settle): void;
}

/** Methods that a server can offer, by their full names. */
export interface MethodTable {
  readonly methods: ReadonlyMap<string, Method>;
}

/** A method of an object of this realm. */
export interface ServiceMethod extends Method, RpcMethod {}

/** An object whose methods can be called: those that the static `rpc` table of
 * its class lists. */
export class Service implements MethodTable {
  /** The methods by their full names. */
  readonly methods: ReadonlyMap<string, ServiceMethod>;

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
    const methods = new Map<string, ServiceMethod>();
    for (const [key, schemas] of Object.entries(rpc as Record<string, Partial<RpcMethod>>)) {
      const method = (handler as Record<string, unknown>)[key];
      if (typeof method !== "function") {
        throw new RpcError(
          `Cannot serve ${className}: its rpc table lists "${key}" but it has no method "${key}"; ` +
            `add the handler "${key}(args)" or remove the entry`,
        );
      }
      const { args, reply } = schemas ?? {};
      if (!isSchema(args) || !isSchema(reply)) {
        throw new RpcError(
          `Cannot serve ${className}.${key}: its entry in ${className}.rpc lacks a zod schema; ` +
            `expected "${key}: { args: …, reply: … }"`,
        );
      }
      methods.set(`${className}.${key}`, {
        table: `${className}.rpc.${key}`,
        args,
        reply,
        packArgs: (message) => pack(message, args),
        packReply: (message) => pack(message, reply),
        run: (input, settle) => runHandler(() => method.call(handler, input), settle),
      });
    }
    this.methods = methods;
  }
}

function runHandler(handle: () => unknown, settle: Settle): void {
  let result: unknown;
  try {
    result = handle();
  } catch (error) {
    return settle.reject(error);
  }
  if (result instanceof Promise) result.then(settle.resolve, settle.reject);
  else settle.resolve(result);
}

function isSchema(value: unknown): value is z.ZodType {
  return typeof (value as z.ZodType | undefined)?.safeParse === "function";
}

/** A server: a place in the network that runs services. */
export class Server {
  readonly #methods = new Map<string, Method>();
  #count = 0;

  /** Adds a service; its methods answer to `ClassName.method`. */
  addService({ methods }: MethodTable): void {
    for (const [name, method] of methods) this.#methods.set(name, method);
  }

  /** How many requests reached this server, without the copies that a hostile network
   * made of them. */
  getCount(): number {
    return this.#count;
  }

  /** Looks a method up.
   *
   * @throws {RpcError} No service of this server has it.
   */
  method(name: string): Method {
    const method = this.#methods.get(name);
    if (method !== undefined) return method;
    const known = [...this.#methods.keys()];
    const [className, key] = name.split(".");
    const isOwn = known.some((each) => each.startsWith(`${className}.`));
    throw new RpcError(
      `There is no "${name}" among the methods of this server, ${known.join(", ") || "none"}; ` +
        (isOwn && key !== undefined
          ? `correct the name, or add "${key}: { args: …, reply: … }" to ${className}.rpc`
          : "correct the name"),
    );
  }

  /** Runs a request.
   *
   * @param isCopy True if the network made it.
   * @param settle Receives what the handler returns or throws.
   * @throws {RpcError} No service of this server has the method.
   */
  dispatch(name: string, args: unknown, isCopy: boolean, settle: Settle): void {
    if (!isCopy) this.#count++;
    this.method(name).run(args, settle);
  }
}

/** What a network needs of the run that it is part of; a `Simulation` has it. */
export interface NetworkRun {
  readonly clock: Clock;
  readonly random: Random;
  readonly trace: { record(event: NetworkEvent, carried?: unknown): void };
  /** Ends the run with an error. */
  fail(error: unknown): void;
}

/** A call whose fate is decided. */
export interface DrawnCall {
  /** The end that it is made on. */
  end: string;
  /** How many calls were made on this end before. */
  index: number;
  /** What chance decided. */
  drawn: Fate;
}

/** What may be decided otherwise than by chance. */
export interface NetworkOptions {
  /** Sees the fate of every call, and decides it.
   *
   * @returns The fate that it meets: the one that was drawn, or another one. */
  fates?(call: DrawnCall): Fate;
  /** Decides whether a moment in which a server of a hostile network would be out of
   * reach takes place. */
  flaps?: AllowFlap;
}

/** The network's side of a {@linkcode ClientEnd}. */
interface Link {
  readonly end: string;
  readonly random: Random;
  /** What orders its messages among other events of the same moment. */
  readonly ties: Random;
  /** What a hostile network draws from, and how slow it makes the link. */
  hostile?: { random: Random; lag: Lag };
  server: string | undefined;
  enabled: boolean;
  flapping: boolean;
  count: number;
}

/** A call under way. */
interface Call {
  /** The number of its request. */
  readonly id: number;
  readonly method: string;
  readonly link: Link;
  /** The server that the request was sent to, if any. */
  readonly server: Server | undefined;
  readonly settle: SettleCall;
  timeout?: Timer;
  /** Whether the caller has its reply, or its timeout. */
  settled: boolean;
}

/** A request of a call on its way, or a copy of one that the network made. */
interface Parcel {
  /** Its number in the trace. */
  readonly id: number;
  readonly call: Call;
  readonly passage: Passage;
}

/** A network of servers and of links to them. */
export class Network {
  readonly #run: NetworkRun;
  readonly #options: NetworkOptions;
  readonly #random: Random;
  readonly #links = new Map<string, Link>();
  readonly #servers = new Map<string, Server>();
  readonly #conditions: Conditions;
  readonly #flapping: Flapping;
  #hostile = false;
  #count = 0;
  #nextParcel = 0;
  #bytes = 0;
  #done = false;
  #isMistaken = false;

  /** @param run The run that the network is part of. */
  constructor(run: NetworkRun, options: NetworkOptions = {}) {
    this.#run = run;
    this.#options = options;
    this.#random = run.random.child("network");
    this.#flapping = new Flapping(this.#random.child("flapping"), options.flaps);
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
   * @throws {RpcError} The name is taken.
   */
  makeEnd<T, Name extends string = "KVServer">(name: string): ClientEnd<T, Name> {
    return new ClientEnd<T, Name>(this.makeTransport(name));
  }

  /** Makes an end for a caller that runs elsewhere, which makes a {@linkcode ClientEnd} of it.
   *
   * @param name A name of its own.
   * @throws {RpcError} The name is taken.
   */
  makeTransport(name: string): Transport {
    if (this.#links.has(name)) throw new RpcError(`There is an end "${name}" already`);
    const random = this.#random.child(name);
    const link: Link = {
      end: name,
      random,
      ties: random.child("ties"),
      server: undefined,
      enabled: false,
      flapping: false,
      count: 0,
    };
    this.#links.set(name, link);
    return (method, args, settle) => this.#send(link, method, args, settle);
  }

  /** Takes an end away. Calls on it fail as if its server were down. */
  deleteEnd(name: string): void {
    this.#link(name).enabled = false;
    this.#links.delete(name);
  }

  /** Adds a server, or replaces the one of that name, whose replies then no longer
   * arrive. */
  addServer(name: string, server: Server): void {
    this.#servers.set(name, server);
  }

  /** Takes a server down. Calls that it has not answered yet stay unanswered. */
  deleteServer(name: string): void {
    this.#servers.delete(name);
  }

  /** Points an end at a server. */
  connect(endName: string, serverName: string): void {
    this.#link(endName).server = serverName;
  }

  /** Opens or cuts the link of an end. A message that would arrive while it is cut
   * is lost. */
  enable(endName: string, enabled: boolean): void {
    this.#link(endName).enabled = enabled;
  }

  /** Whether a hostile network cuts the link of an end for moments, unless it is
   * reliable: at the same moments as all other such links to the same server. */
  flap(endName: string, flapping: boolean): void {
    this.#link(endName).flapping = flapping;
  }

  /** The moments so far in which a server was out of reach of all links that
   * {@linkcode Network.flap}. */
  flapsOf(serverName: string): Flap[] {
    return this.#isFlappy ? this.#flapping.until(serverName, this.#run.clock.now()) : [];
  }

  /** Whether all messages arrive, and at once; if not, one in ten is lost and
   * requests are held back. */
  reliable(yes: boolean): void {
    this.#conditions.reliable = yes;
  }

  /** Whether two replies in three are held back for long: longer than a caller
   * waits, so that it times out although the server did what it was asked. */
  longReordering(yes: boolean): void {
    this.#conditions.longReordering = yes;
  }

  /** Whether calls to a server that is down take seconds to fail, and not a tenth
   * of one. */
  longDelays(yes: boolean): void {
    this.#conditions.longDelays = yes;
  }

  /** Whether the network does worse than is graded: it delivers requests again, and
   * much later, holds replies back, has slow directions, and lets servers flap. A
   * network that is reliable still answers every call in time. */
  hostile(yes: boolean): void {
    this.#hostile = yes;
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

  /** Shuts the network down. Calls that are under way never return, so that
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
    const { enabled, server = "", flapping } = link;
    if (!enabled) return undefined;
    if (flapping && this.#isFlappy && this.#flapping.isOut(server, this.#run.clock.now())) {
      return undefined;
    }
    return this.#servers.get(server);
  }

  /** Whether links that may flap do. */
  get #isFlappy(): boolean {
    return this.#hostile && !this.#conditions.reliable;
  }

  #decideFate(link: Link): Fate {
    const { end, count } = link;
    let drawn = decideFate(this.#conditions, link.random);
    if (this.#hostile) {
      const { random, lag } = link.hostile ??= hostilityOf(link);
      drawn = worsenFate(drawn, this.#conditions, lag, random);
    }
    const { fates } = this.#options;
    return fates === undefined ? drawn : fates({ end, index: count - 1, drawn });
  }

  #send(link: Link, method: string, args: unknown, settle: SettleCall): void {
    // After a mistake, whoever swallows its error and tries again stops here.
    if (this.#done || this.#isMistaken) return;
    this.#count++;
    const id = this.#nextParcel++;
    link.count++;
    let request: Packed;
    try {
      request = packPart("args", method, this.#servers.get(link.server ?? ""), args);
    } catch (error) {
      this.#isMistaken = true;
      this.#run.fail(error);
      return settle.reject(error);
    }
    const { bytes, content, value } = request;
    this.#bytes += bytes;
    const sent = { kind: "sent", message: id, end: link.end, method, bytes, content } as const;
    this.#run.trace.record(sent, value);

    const fate = this.#decideFate(link);
    const server = this.#reach(link);
    const call: Call = { id, method, link, server, settle, settled: false };
    const timeoutMs = server ? RPC_TIMEOUT_MS : fate.unreachableAfterMs;
    call.timeout = this.#setTimer(link, timeoutMs, () => this.#timeOut(call));
    this.#pass({ id, call, passage: fate }, value);
    if (fate.copy !== undefined && server) this.#copy(call, fate.copy, args);
  }

  #copy(call: Call, passage: Passage, args: unknown): void {
    const id = this.#nextParcel++;
    this.#run.trace.record({ kind: "copied", message: id, original: call.id });
    const { value, bytes } = packPart("args", call.method, call.server, args);
    this.#bytes += bytes;
    this.#pass({ id, call, passage }, value);
  }

  #pass(parcel: Parcel, args: unknown): void {
    const { call, passage } = parcel;
    if (!call.server) this.#drop(parcel, "request", "unreachable");
    else if (passage.requestDropped) this.#drop(parcel, "request", "lost");
    else this.#setTimer(call.link, passage.requestDelayMs, () => this.#deliver(parcel, args));
  }

  #setTimer({ ties }: Link, delayMs: number, action: () => void): Timer {
    return this.#run.clock.setTimer(delayMs, action, ties.bits());
  }

  #timeOut(call: Call): void {
    if (this.#done) return;
    call.settled = true;
    this.#run.trace.record({ kind: "timed out", message: call.id });
    call.settle.timeOut(call.method);
  }

  #deliver(parcel: Parcel, args: unknown): void {
    if (this.#done) return;
    const { id, call } = parcel;
    const server = this.#reach(call.link);
    if (!server || server !== call.server) return this.#drop(parcel, "request", "unreachable");
    this.#run.trace.record({ kind: "delivered", message: id, server: call.link.server! });
    server.dispatch(call.method, args, id !== call.id, {
      resolve: (result) => this.#reply(parcel, result),
      reject: (error) => this.#handlerThrew(parcel, error),
    });
  }

  #handlerThrew(parcel: Parcel, error: unknown): void {
    if (this.#done) return;
    const { call } = parcel;
    if (error instanceof TimeoutError) this.#drop(parcel, "reply", "no reply");
    else if (error instanceof RpcError) this.#run.fail(error);
    else {
      const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      this.#run.fail(new RpcError(`The handler ${call.method} threw ${what}`, { cause: error }));
    }
  }

  #reply(parcel: Parcel, result: unknown): void {
    if (this.#done) return;
    const { id, call, passage } = parcel;
    let reply: Packed;
    try {
      reply = packPart("reply", call.method, call.server, result);
    } catch (error) {
      return this.#run.fail(error);
    }
    const { value, bytes, content } = reply;
    this.#bytes += bytes;
    this.#run.trace.record({ kind: "replied", message: id, bytes, content }, value);
    if (passage.replyDropped) return this.#drop(parcel, "reply", "lost");
    this.#setTimer(call.link, passage.replyDelayMs, () => this.#receive(parcel, value));
  }

  #receive(parcel: Parcel, reply: unknown): void {
    if (this.#done) return;
    const { id, call } = parcel;
    if (call.settled) return this.#drop(parcel, "reply", "late");
    if (this.#reach(call.link) !== call.server) return this.#drop(parcel, "reply", "unreachable");
    call.settled = true;
    this.#run.clock.clearTimer(call.timeout!);
    this.#run.trace.record({ kind: "received", message: id });
    call.settle.resolve(reply);
  }

  #drop({ id }: Parcel, what: "request" | "reply", why: DropReason): void {
    this.#run.trace.record({ kind: "dropped", message: id, what, why });
  }
}

function hostilityOf(link: Link): NonNullable<Link["hostile"]> {
  const random = link.random.child("hostile");
  return { random, lag: decideLag(random) };
}

/** Takes arguments or a reply across the wire. Without a server nobody knows the
 * schemas, and only the encoding is checked. */
function packPart(
  part: "args" | "reply",
  name: string,
  server: Server | undefined,
  message: unknown,
): Packed {
  const method = server?.method(name);
  try {
    if (method === undefined) return pack(message);
    return part === "args" ? method.packArgs(message) : method.packReply(message);
  } catch (error) {
    if (!(error instanceof MessageError)) throw error;
    const what = part === "args" ? "arguments" : "reply";
    const schema = method ? ` (schema ${method.table}.${part})` : "";
    throw new RpcError(`Cannot send the ${what} of ${name}: ${error.message}${schema}`);
  }
}
