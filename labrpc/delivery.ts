/**
 * The life of one call: its request is sent, perhaps duplicated, delivered or dropped; the
 * handler's reply travels back; the caller gets the first reply, or its timeout.
 *
 * Chance decides in advance how long each step takes and what is lost, see `faults.ts`. Every
 * step checks again whether the server can be reached.
 *
 * @module
 */

import type { Clock, Random, Timer } from "../sim/mod.ts";
import type { SettleCall } from "./client_end.ts";
import { RpcError, TimeoutError } from "./errors.ts";
import { type Delivery, type Lag, RPC_TIMEOUT_MS } from "./faults.ts";
import { MessageError, pack, type Packed } from "./message.ts";
import type { Network } from "./network.ts";
import type { DropReason, MessageId, NetworkEvent } from "./network_event.ts";
import type { Server } from "./service.ts";

/** The run that a network is part of; a `Simulation` is one. */
export interface NetworkRun {
  readonly clock: Clock;
  readonly random: Random;
  readonly trace: { record(event: NetworkEvent, carried?: unknown): void };
  /** Ends the run with an error. */
  fail(error: unknown): void;
}

/** The network's side of a `ClientEnd`. */
export interface Link {
  readonly end: string;
  readonly random: Random;
  /** Orders its messages among other events at the same time. */
  readonly ties: Random;
  /** The stream and the extra delay of a hostile network. */
  hostile?: { random: Random; lag: Lag };
  server: string | undefined;
  enabled: boolean;
  flapping: boolean;
  count: number;
}

/** The request of a call, or a duplicate of it, and the reply to that. */
interface Message {
  readonly id: MessageId;
  readonly delivery: Delivery;
}

/** A call in flight. */
export class Call {
  readonly #network: Network;
  readonly #link: Link;
  readonly #method: string;
  readonly #settle: SettleCall;
  readonly #id: MessageId;
  /** The server to which the request was sent, if any. */
  #server: Server | undefined;
  #timeout: Timer | undefined;
  /** True once the caller has its reply or its timeout. */
  #isSettled = false;

  /** @param method The full name of the method.
   * @param settle Receives the outcome. */
  constructor(network: Network, link: Link, method: string, settle: SettleCall) {
    this.#network = network;
    this.#link = link;
    this.#method = method;
    this.#settle = settle;
    this.#id = network.nextMessage();
  }

  /** Sends the request.
   *
   * @throws {RpcError} The arguments cannot be sent. */
  send(args: unknown): void {
    const [id, network, link, method] = [this.#id, this.#network, this.#link, this.#method];
    const { bytes, content, value } = this.#pack("args", network.serverOf(link), args);
    this.#record({ kind: "sent", message: id, end: link.end, method, bytes, content }, value);

    const fate = network.fateOf(link);
    this.#server = network.reach(link);
    const timeoutMs = this.#server ? RPC_TIMEOUT_MS : fate.unreachableAfterMs;
    this.#timeout = this.#after(timeoutMs, () => this.#timeOut());
    this.#travel({ id, delivery: fate }, value);
    if (fate.duplicate && this.#server) this.#duplicate(fate.duplicate, args);
  }

  #duplicate(delivery: Delivery, args: unknown): void {
    const id = this.#network.nextMessage();
    this.#record({ kind: "duplicated", message: id, original: this.#id });
    this.#travel({ id, delivery }, this.#pack("args", this.#server, args).value);
  }

  #travel(message: Message, args: unknown): void {
    const { requestDropped, requestDelayMs, lostOnArrival } = message.delivery;
    const lose = () => this.#drop(message, "request", "lost");
    if (!this.#server) this.#drop(message, "request", "unreachable");
    else if (requestDropped && !lostOnArrival) lose();
    else this.#after(requestDelayMs, requestDropped ? lose : () => this.#deliver(message, args));
  }

  #deliver(message: Message, args: unknown): void {
    const server = this.#network.reach(this.#link);
    if (!server || server !== this.#server) return this.#drop(message, "request", "unreachable");
    this.#record({ kind: "delivered", message: message.id, server: this.#link.server! });
    server.dispatch(this.#method, args, message.id !== this.#id, {
      resolve: (result) => this.#reply(message, result),
      reject: (error) => this.#handlerThrew(message, error),
    });
  }

  #handlerThrew(message: Message, error: unknown): void {
    if (this.#network.isDone) return;
    if (error instanceof TimeoutError) return this.#drop(message, "reply", "no reply");
    if (error instanceof RpcError) return this.#network.run.fail(error);
    const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    const cause = { cause: error };
    this.#network.run.fail(new RpcError(`The handler ${this.#method} threw ${what}`, cause));
  }

  #reply(message: Message, result: unknown): void {
    if (this.#network.isDone) return;
    let reply: Packed;
    try {
      reply = this.#pack("reply", this.#server, result);
    } catch (error) {
      return this.#network.run.fail(error);
    }
    const { value, bytes, content } = reply;
    this.#record({ kind: "replied", message: message.id, bytes, content }, value);
    const { replyDropped, replyDelayMs, lostOnArrival } = message.delivery;
    const lose = () => this.#drop(message, "reply", "lost");
    if (replyDropped && !lostOnArrival) lose();
    else this.#after(replyDelayMs, replyDropped ? lose : () => this.#receive(message, value));
  }

  #receive(message: Message, reply: unknown): void {
    if (this.#isSettled) return this.#drop(message, "reply", "late");
    if (this.#network.reach(this.#link) !== this.#server) {
      return this.#drop(message, "reply", "unreachable");
    }
    this.#isSettled = true;
    this.#network.run.clock.clearTimer(this.#timeout!);
    this.#record({ kind: "received", message: message.id });
    this.#settle.resolve(reply);
  }

  #timeOut(): void {
    this.#isSettled = true;
    this.#record({ kind: "timed out", message: this.#id });
    this.#settle.timeOut(this.#method, this.#link.end);
  }

  #drop({ id }: Message, what: "request" | "reply", why: DropReason): void {
    this.#record({ kind: "dropped", message: id, what, why });
  }

  /** Takes arguments or a reply across the wire. Without a server there is no schema to check.
   *
   * @throws {RpcError} The message cannot be sent, or the server lacks the method. */
  #pack(part: "args" | "reply", server: Server | undefined, message: unknown): Packed {
    const method = server?.method(this.#method);
    try {
      const packed = method === undefined
        ? pack(message)
        : part === "args"
        ? method.packArgs(message)
        : method.packReply(message);
      this.#network.countBytes(packed.bytes);
      return packed;
    } catch (error) {
      if (!(error instanceof MessageError)) throw error;
      const what = part === "args" ? "arguments" : "reply";
      const schema = method ? ` (schema ${method.table}.${part})` : "";
      throw new RpcError(`Cannot send the ${what} of ${this.#method}: ${error.message}${schema}`);
    }
  }

  /** Runs the next step after a delay, unless the network is shut down. */
  #after(delayMs: number, step: () => void): Timer {
    const { clock } = this.#network.run;
    const action = () => this.#network.isDone || step();
    return clock.setTimer(delayMs, action, this.#link.ties.bits());
  }

  #record(event: NetworkEvent, carried?: unknown): void {
    this.#network.run.trace.record(event, carried);
  }
}
