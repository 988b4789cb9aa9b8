/**
 * The two errors of a call: one that every program must expect, and one for its mistakes.
 *
 * @module
 */

import { PlainError } from "../sim/mod.ts";

/** No reply arrived in time. The server may have executed the request, or not. */
export class TimeoutError extends PlainError {
  override readonly name = "TimeoutError";

  /** @param request What was not answered, for example `"KVServer.put"`. */
  constructor(request: string) {
    super(`${request} got no reply in time; it may or may not have been executed`);
  }
}

/** A mistake in the program: never caused by the network, never worth a retry. */
export class RpcError extends Error {
  override readonly name = "RpcError";
}
