/**
 * A network: the ends of callers, the servers, the links between them, the switches that
 * make it bad, and its counts. The life of a call is in `delivery.ts`.
 *
 * @module
 */

import type { Random } from "../sim/mod.ts";
import { ClientEnd, type SettleCall, type Transport } from "./client_end.ts";
import { Call, type Link, type NetworkRun } from "./delivery.ts";
import { RpcError } from "./errors.ts";
import {
  type Conditions,
  decideFate,
  decideFlap,
  decideHostileFate,
  decideLag,
  type Fate,
  type Flap,
  FLAP_PERIOD_MS,
} from "./faults.ts";
import type { MessageId } from "./network_event.ts";
import type { Server } from "./service.ts";

/** A call and the fate that chance drew for it. */
export interface DrawnCall {
  /** The name of the calling end. */
  end: string;
  /** The number of earlier calls on this end. */
  index: number;
  /** The fate. */
  drawn: Fate;
}

/** Hooks that override what chance would decide. */
export interface NetworkOptions {
  /** Replaces the fate of a call, or returns the one that was drawn. */
  fates?(call: DrawnCall): Fate;
  /** Returns false to cancel a moment in which the clerks of a hostile network cannot reach a
   * server. May be called more than once for the same moment. */
  flaps?(server: string, flap: Flap): boolean;
}

/** A network of servers and of links to them. */
export class Network {
  readonly run: NetworkRun;
  readonly #options: NetworkOptions;
  readonly #random: Random;
  readonly #links = new Map<string, Link>();
  readonly #servers = new Map<string, Server>();
  readonly #conditions: Conditions;
  #hostile = false;
  #count = 0;
  #messages = 0;
  #bytes = 0;
  #isDone = false;
  #isMistaken = false;

  /** @param run The run that the network is part of. */
  constructor(run: NetworkRun, options: NetworkOptions = {}) {
    this.run = run;
    this.#options = options;
    this.#random = run.random.child("network");
    this.#conditions = {
      reliable: true,
      longReordering: false,
      longDelays: false,
      instant: run.clock.kind === "real",
    };
  }

  /** Makes an end, which must be connected and enabled before use.
   *
   * @param name A unique name.
   * @throws {RpcError} The name is taken.
   */
  makeEnd<T, Name extends string = "KVServer">(name: string): ClientEnd<T, Name> {
    return new ClientEnd<T, Name>(this.makeTransport(name));
  }

  /** Makes an end for a caller in another realm, which makes its own {@linkcode ClientEnd} of it.
   *
   * @param name A unique name.
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

  /** Removes an end. Calls on it fail as if its server were down. */
  deleteEnd(name: string): void {
    this.#link(name).enabled = false;
    this.#links.delete(name);
  }

  /** Adds a server. Replaces a server of that name, whose replies then no longer arrive. */
  addServer(name: string, server: Server): void {
    this.#servers.set(name, server);
  }

  /** Removes a server; its calls in flight get no reply. Kept for parity with the original, and
   * not used by the seven tests. */
  deleteServer(name: string): void {
    this.#servers.delete(name);
  }

  /** Points an end at a server. */
  connect(endName: string, serverName: string): void {
    this.#link(endName).server = serverName;
  }

  /** Opens or cuts the link of an end. A message that would arrive while it is cut is lost. */
  enable(endName: string, enabled: boolean): void {
    this.#link(endName).enabled = enabled;
  }

  /** Lets a hostile, unreliable network cut the link of an end for moments, the same ones for all
   * such links to a server. */
  flap(endName: string, flapping: boolean): void {
    this.#link(endName).flapping = flapping;
  }

  /** Returns the moments so far in which the network cut the links to a server that may
   * {@linkcode Network.flap}. */
  flapsOf(serverName: string): Flap[] {
    if (!this.#isFlappy) return [];
    const nowMs = this.run.clock.now();
    const periods = Array.from({ length: Math.floor(nowMs / FLAP_PERIOD_MS) + 1 }, (_, i) => i);
    return periods.flatMap((period) => this.#flap(serverName, period) ?? [])
      .filter(({ startMs }) => startMs <= nowMs);
  }

  /** Makes all messages arrive without delay; if false, loses one in ten and delays requests. */
  reliable(yes: boolean): void {
    this.#conditions.reliable = yes;
  }

  /** Delays two replies in three for longer than a caller waits, so that it times out although
   * the server executed the request. Kept for parity with the original, and not used by the seven
   * tests. */
  longReordering(yes: boolean): void {
    this.#conditions.longReordering = yes;
  }

  /** Makes calls to a server that is down fail after up to 7 s instead of 100 ms. Kept for parity
   * with the original, and not used by the seven tests. */
  longDelays(yes: boolean): void {
    this.#conditions.longDelays = yes;
  }

  /** Makes the network worse than in grading: it duplicates and delays requests, delays replies,
   * slows directions of links, and makes servers flap. A reliable one still answers every call in
   * time. */
  hostile(yes: boolean): void {
    this.#hostile = yes;
  }

  /** Returns the number of requests that reached a server. */
  getCount(serverName: string): number {
    return this.#servers.get(serverName)?.getCount() ?? 0;
  }

  /** Returns the number of calls made on an end. */
  getEndCount(endName: string): number {
    return this.#link(endName).count;
  }

  /** Returns the number of calls made so far. */
  getTotalCount(): number {
    return this.#count;
  }

  /** Returns the size of all requests and replies so far as JSON, in bytes of UTF-8. Kept for
   * parity with the original, and not used by the seven tests. */
  getTotalBytes(): number {
    return this.#bytes;
  }

  /** Shuts the network down. Calls in flight never return, so that endless retries stop. */
  cleanup(): void {
    this.#isDone = true;
  }

  #link(name: string): Link {
    const link = this.#links.get(name);
    if (link === undefined) throw new RpcError(`There is no end "${name}"`);
    return link;
  }

  /** True if the links that may flap do. */
  get #isFlappy(): boolean {
    return this.#hostile && !this.#conditions.reliable;
  }

  #send(link: Link, method: string, args: unknown, settle: SettleCall): void {
    // This stops code that ignores the error of a mistake and retries.
    if (this.#isDone || this.#isMistaken) return;
    this.#count++;
    link.count++;
    try {
      new Call(this, link, method, settle).send(args);
    } catch (error) {
      this.#isMistaken = true;
      this.run.fail(error);
      settle.reject(error);
    }
  }

  /** Decides the moment of one period in which clerks cannot reach a server, if any. The seed
   * decides, without a timer, which would keep an idle run alive. */
  #flap(server: string, period: number): Flap | undefined {
    const flap = decideFlap(period, this.#random.child("flapping").child(server));
    return flap && (this.#options.flaps?.(server, flap) ?? true) ? flap : undefined;
  }

  #isOut(server: string): boolean {
    const nowMs = this.run.clock.now();
    const flap = this.#flap(server, Math.floor(nowMs / FLAP_PERIOD_MS));
    return flap !== undefined && flap.startMs <= nowMs && nowMs < flap.endMs;
  }

  // What follows is for calls in flight.

  /** True once the network is shut down. */
  get isDone(): boolean {
    return this.#isDone;
  }

  /** Returns the server behind a link if it can be reached now. */
  reach({ enabled, server = "", flapping }: Link): Server | undefined {
    if (!enabled || flapping && this.#isFlappy && this.#isOut(server)) return undefined;
    return this.#servers.get(server);
  }

  /** Returns the server behind a link, reachable or not. */
  serverOf({ server = "" }: Link): Server | undefined {
    return this.#servers.get(server);
  }

  /** Decides the fate of the next call on a link. */
  fateOf(link: Link): Fate {
    let drawn = decideFate(this.#conditions, link.random);
    if (this.#hostile) {
      const { random, lag } = link.hostile ??= hostilityOf(link);
      drawn = decideHostileFate(drawn, this.#conditions, lag, random);
    }
    const { end, count } = link;
    return this.#options.fates?.({ end, index: count - 1, drawn }) ?? drawn;
  }

  /** Returns the number of the next message. */
  nextMessage(): MessageId {
    return this.#messages++;
  }

  /** Counts the bytes of a message. */
  countBytes(bytes: number): void {
    this.#bytes += bytes;
  }
}

function hostilityOf(link: Link): NonNullable<Link["hostile"]> {
  const random = link.random.child("hostile");
  return { random, lag: decideLag(random) };
}
