/**
 * Servers, their services, and the methods that can be called.
 *
 * @module
 */

import type { z } from "zod";
import type { Settle } from "./client_end.ts";
import { RpcError } from "./errors.ts";
import { pack, type Packed } from "./message.ts";

/** The schemas of one method's arguments and reply. */
export interface RpcMethod {
  readonly args: z.ZodType;
  readonly reply: z.ZodType;
}

/** A method that can be called. */
export interface Method {
  /** The path of its entry in the `rpc` table, for errors. */
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
   * @param settle Receives what the handler returns or throws, now or when its promise settles. */
  run(args: unknown, settle: Settle): void;
}

/** Methods for a server. */
export interface MethodTable {
  /** The methods by their full names. */
  readonly methods: ReadonlyMap<string, Method>;
}

/** A method of an object of this realm. */
export interface ServiceMethod extends Method, RpcMethod {}

/** An object whose methods can be called: those in the static `rpc` table of its class. */
export class Service implements MethodTable {
  readonly methods: ReadonlyMap<string, ServiceMethod>;

  /** @param handler The object.
   * @throws {RpcError} The class does not fit its `rpc` table. */
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

/** A server, which runs services. */
export class Server {
  readonly #methods = new Map<string, Method>();
  #count = 0;

  /** Adds a service; its methods answer to `ClassName.method`. */
  addService({ methods }: MethodTable): void {
    for (const [name, method] of methods) this.#methods.set(name, method);
  }

  /** Returns the number of requests that reached this server, without duplicates that the network
   * made. */
  getCount(): number {
    return this.#count;
  }

  /** Returns a method by its full name.
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
      `This server has no method "${name}", only ${known.join(", ")}; ` +
        (isOwn && key !== undefined
          ? `correct the name, or add "${key}: { args: …, reply: … }" to ${className}.rpc`
          : "correct the name"),
    );
  }

  /** Runs a request.
   *
   * @param isDuplicate True if it is a duplicate that the network made.
   * @param settle Receives what the handler returns or throws.
   * @throws {RpcError} No service of this server has the method.
   */
  dispatch(name: string, args: unknown, isDuplicate: boolean, settle: Settle): void {
    if (!isDuplicate) this.#count++;
    this.method(name).run(args, settle);
  }
}
