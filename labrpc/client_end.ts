/**
 * The caller's end of a link. Its types allow only the calls that the server's class declares.
 *
 * @module
 */

import { TimeoutError } from "./errors.ts";

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

/** Receives the outcome of a handler or an operation. */
export interface Settle {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** Receives the outcome of one call. */
export interface SettleCall extends Settle {
  /** Called if no reply arrived in time.
   *
   * @param method The class and the method, for example `"KVServer.put"`.
   * @param link The name of the link. */
  timeOut(method: string, link: string): void;
}

/** Sends a request over one link.
 *
 * @param method The class and the method, for example `"KVServer.put"`.
 * @param args The arguments.
 * @param settle Receives the reply, or the error that the caller sees. */
export type Transport = (method: string, args: unknown, settle: SettleCall) => void;

/** The caller's end of a link to a server.
 *
 * @typeParam T The class whose methods can be called.
 * @typeParam Name The name of that class; only needed for a class other than the lab's
 * `KVServer`.
 */
export class ClientEnd<T, Name extends string = "KVServer"> {
  readonly #transport: Transport;

  /** Called by `Network.makeEnd`. */
  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Sends a request and waits for the reply.
   *
   * @param method The class and the method, for example `"KVServer.put"`.
   * @param args The arguments: plain data that fits the method's `args` schema.
   * @returns The reply.
   * @throws {TimeoutError} No reply arrived within `RPC_TIMEOUT_MS` milliseconds, or the server
   * is down.
   * @throws {RpcError} The request could not be sent at all.
   */
  call<K extends MethodName<T, Name>>(
    method: `${Name}.${K}`,
    args: ArgsOf<T, K>,
  ): Promise<ReplyOf<T, K>> {
    return new Promise((resolve, reject) => {
      this.#transport(method, args, {
        resolve: (reply) => resolve(reply as ReplyOf<T, K>),
        timeOut: (request, link) => reject(new TimeoutError(request, link)),
        reject,
      });
    });
  }
}
