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
  decideLag,
  type Fate,
  type Flap,
  FLAP_PERIOD_MS,
  worsenFate,
} from "./faults.ts";
import type { MessageId } from "./network_event.ts";
import type { Server } from "./service.ts";

/** A call whose fate is decided. */
export interface DrawnCall {
  /** The end that it is made on. */
  end: string;
  /** The number of calls that were made on this end before. */
  index: number;
  /** The fate that was drawn. */
  drawn: Fate;
}

/** Hooks that override what chance would decide. */
export interface NetworkOptions {
  /** Replaces the fate of a call, or returns the one that was drawn. */
  fates?(call: DrawnCall): Fate;
  /** Returns false if a moment in which a server of a hostile network would be out of reach
   * does not take place. May be asked more than once about the same. */
  flaps?(server: string, flap: Flap): boolean;
}

/** A network of servers and of links to them. */
export class Network {
  /** The run that it is part of. */
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

  /** Removes an end. Calls on it fail as if its server were down. */
  deleteEnd(name: string): void {
    this.#link(name).enabled = false;
    this.#links.delete(name);
  }

  /** Adds a server, or replaces the one of that name, whose replies then no longer
   * arrive. */
  addServer(name: string, server: Server): void {
    this.#servers.set(name, server);
  }

  /** Removes a server. Calls that it has not answered yet stay unanswered. Kept for parity with
   * the original: the seven tests never do this. */
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

  /** Lets a hostile network cut the link of an end for moments, unless it is
   * reliable: at the same moments as all other such links to the same server. */
  flap(endName: string, flapping: boolean): void {
    this.#link(endName).flapping = flapping;
  }

  /** Returns the moments so far in which a server was out of reach of all links that
   * {@linkcode Network.flap}. */
  flapsOf(serverName: string): Flap[] {
    if (!this.#isFlappy) return [];
    const nowMs = this.run.clock.now();
    const periods = Array.from({ length: Math.floor(nowMs / FLAP_PERIOD_MS) + 1 }, (_, i) => i);
    return periods.flatMap((period) => this.#flap(serverName, period) ?? [])
      .filter(({ startMs }) => startMs <= nowMs);
  }

  /** Makes all messages arrive, and at once; or else loses one in ten, and holds requests
   * back. */
  reliable(yes: boolean): void {
    this.#conditions.reliable = yes;
  }

  /** Holds two replies in three back for longer than a caller waits, so that it times out
   * although the server executed the request. Kept for parity with the original: the seven
   * tests never do this. */
  longReordering(yes: boolean): void {
    this.#conditions.longReordering = yes;
  }

  /** Makes calls to a server that is down take up to seven seconds to fail, and not a tenth of
   * one. Kept for parity with the original: the seven tests never do this. */
  longDelays(yes: boolean): void {
    this.#conditions.longDelays = yes;
  }

  /** Makes the network worse than is graded: it delivers requests again, and much later, holds
   * replies back, has slow directions, and lets servers flap. A network that is reliable still
   * answers every call in time. */
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

  /** Returns the number of calls made in all. */
  getTotalCount(): number {
    return this.#count;
  }

  /** Returns the number of bytes sent in all: the JSON text of every request and every reply, in
   * UTF-8. Kept for parity with the original: the seven tests never ask. */
  getTotalBytes(): number {
    return this.#bytes;
  }

  /** Shuts the network down. Calls that are under way never return, so that code that
   * retries for ever stops. */
  cleanup(): void {
    this.#isDone = true;
  }

  #link(name: string): Link {
    const link = this.#links.get(name);
    if (link === undefined) throw new RpcError(`There is no end "${name}"`);
    return link;
  }

  /** True if links that may flap do. */
  get #isFlappy(): boolean {
    return this.#hostile && !this.#conditions.reliable;
  }

  #send(link: Link, method: string, args: unknown, settle: SettleCall): void {
    // After a mistake, code that swallows its error and tries again stops here.
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

  /** Decides the moment of one period in which a server is out of the clerks' reach, if any. The
   * seed and the server alone decide: no timer keeps a run alive that has nothing else to do. */
  #flap(server: string, period: number): Flap | undefined {
    const flap = decideFlap(period, this.#random.child("flapping").child(server));
    return flap && (this.#options.flaps?.(server, flap) ?? true) ? flap : undefined;
  }

  #isOut(server: string): boolean {
    const nowMs = this.run.clock.now();
    const flap = this.#flap(server, Math.floor(nowMs / FLAP_PERIOD_MS));
    return flap !== undefined && flap.startMs <= nowMs && nowMs < flap.endMs;
  }

  // What follows is for calls under way.

  /** True once the network is shut down: nothing that is under way arrives. */
  get isDone(): boolean {
    return this.#isDone;
  }

  /** Returns the server behind a link if a message would reach it now. */
  reach({ enabled, server = "", flapping }: Link): Server | undefined {
    if (!enabled || flapping && this.#isFlappy && this.#isOut(server)) return undefined;
    return this.#servers.get(server);
  }

  /** Returns the server behind a link, reachable or not: it knows the schemas. */
  serverOf({ server = "" }: Link): Server | undefined {
    return this.#servers.get(server);
  }

  /** Decides the fate of the call that is made on a link. */
  fateOf(link: Link): Fate {
    let drawn = decideFate(this.#conditions, link.random);
    if (this.#hostile) {
      const { random, lag } = link.hostile ??= hostilityOf(link);
      drawn = worsenFate(drawn, this.#conditions, lag, random);
    }
    const { end, count } = link;
    return this.#options.fates?.({ end, index: count - 1, drawn }) ?? drawn;
  }

  /** Returns the number of the next message. */
  nextMessage(): MessageId {
    return this.#messages++;
  }

  /** Counts what a message carries. */
  countBytes(bytes: number): void {
    this.#bytes += bytes;
  }
}

function hostilityOf(link: Link): NonNullable<Link["hostile"]> {
  const random = link.random.child("hostile");
  return { random, lag: decideLag(random) };
}
