/**
 * The functions of the host, for the modules of the prelude alone.
 *
 * @module
 */

import type { HostCalls } from "./boundary.ts";

/** The functions of the host: the parameter of the bundle. */
declare const host: HostCalls;

type Primitive = string | number | boolean;

/** Wraps a function of the host. An error of the host, for example for a full stack, is an object
 * of its realm and must stay there. The arguments are not spread, since student code can change
 * what spreading does. */
function guarded<
  R,
  A extends Primitive = never,
  B extends Primitive = never,
  C extends Primitive = never,
  D extends Primitive = never,
  E extends Primitive = never,
>(call: (a: A, b: B, c: C, d: D, e: E) => R) {
  return (a?: A, b?: B, c?: C, d?: D, e?: E): R => {
    try {
      return call(a!, b!, c!, d!, e!);
    } catch {
      throw new RangeError("Maximum call stack size exceeded");
    }
  };
}

/** The functions of the host. They throw only errors of this realm. */
export const calls = {
  now: guarded(host.now),
  bits: guarded(host.bits),
  setTimer: guarded(host.setTimer),
  clearTimer: guarded(host.clearTimer),
  busyWait: guarded(host.busyWait),
  send: guarded(host.send),
  replied: guarded(host.replied),
  handlerThrew: guarded(host.handlerThrew),
  returned: guarded(host.returned),
  operationThrew: guarded(host.operationThrew),
  loaded: guarded(host.loaded),
  print: guarded(host.print),
  loadScript: guarded(host.loadScript),
};
