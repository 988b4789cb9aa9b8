/**
 * The two errors of a call: one that every program must expect, and one for its mistakes.
 *
 * @module
 */

import { PlainError } from "../sim/mod.ts";

/** The name of the link of the call that timed out. The key is the same in all realms. Programs
 * do not see it: a clerk must not know its number. */
const LINK = Symbol.for("labrpc link");

/** No reply arrived in time. The server may have executed the request, or not. */
export class TimeoutError extends PlainError {
  override readonly name = "TimeoutError";

  /** @param request What was not answered, for example `"KVServer.put"`.
   * @param link The name of the link, if a call made the error. */
  constructor(request: string, link?: string) {
    super(`${request} got no reply in time; it may or may not have been executed`);
    if (link !== undefined) Object.defineProperty(this, LINK, { value: link });
  }
}

/** Returns the name of the link of the call that an error is the timeout of, for example
 * `"clerk 0 to server 1"`; `undefined` if it is another error. */
export function linkOfTimeout(error: unknown): string | undefined {
  try {
    const { [LINK]: link } = error as { [LINK]?: unknown };
    return typeof link === "string" ? link : undefined;
  } catch {
    // A thrown value may be anything, also an object whose getters throw.
    return undefined;
  }
}

/** A mistake in the program: never caused by the network, never worth a retry. */
export class RpcError extends Error {
  override readonly name = "RpcError";
}
