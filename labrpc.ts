/**
 * A simulated network for remote procedure calls, after `labrpc.go` of MIT
 * 6.5840. It can lose, delay and reorder messages, and cut single links.
 *
 * Clerks and servers use one method, `call`:
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
 *   always ends: if no reply arrives within {@linkcode RPC_TIMEOUT_MS} milliseconds,
 *   it throws a {@linkcode TimeoutError}. Then either the request was lost and the
 *   server never saw it, or the server executed it and the reply was lost or late.
 *   The caller cannot tell which.
 * - A call to a server that is down may fail sooner than that. On a network with long
 *   delays it may fail later.
 * - A reply that arrives after the timeout is dropped.
 * - One end can have several calls in flight, and so can one handler. Messages may
 *   overtake each other: the network promises no order. The graded network loses
 *   messages and delivers a request at most once. A hostile network also duplicates
 *   requests, see below.
 * - Arguments and replies are cloned on the way: caller and handler never share an
 *   object. Only plain data that fits the declared schemas can be sent. Anything else
 *   is an {@linkcode RpcError}: a mistake in the program, which fails the test with a
 *   message that names the method and the field.
 *
 * A class lists the methods that can be called, with their schemas, in a static
 * table. `"KVServer.put"` names the class and the method. The compiler checks both,
 * and the types of the arguments and the reply:
 *
 * ```ts ignore
 * class KVServer {
 *   static readonly rpc = { put: { args: PutArgs, reply: PutReply } };
 *   put(args: PutArgs): PutReply | Promise<PutReply> { … }
 * }
 * ```
 *
 * - A handler that lets a `TimeoutError` escape sends no reply, so its caller times
 *   out as well. A handler that throws anything else fails the test.
 *
 * Tests make the network itself, which is in `labrpc/`:
 *
 * ```ts ignore
 * const network = new Network(simulation);
 * const server = new Server();
 * server.addService(new Service(new KVServer(cfg)));
 * network.addServer("server 0", server);
 * const end = network.makeEnd<KVServer>("clerk 0 to server 0");
 * network.connect("clerk 0 to server 0", "server 0");
 * network.enable("clerk 0 to server 0", true);
 * network.reliable(false); // lose one message in ten, delay requests
 * network.hostile(true); // worse than in grading: duplicates, late requests, flapping servers
 * ```
 *
 * The seed of the run decides all chance: the same seed brings the same losses
 * again. The probabilities and delays are in `labrpc/faults.ts`.
 *
 * @module
 */

// For clerks and servers.
export {
  ClientEnd,
  type RpcClasses,
  type Settle,
  type SettleCall,
  type Transport,
} from "./labrpc/client_end.ts";
export { RpcError, TimeoutError } from "./labrpc/errors.ts";
export { RPC_TIMEOUT_MS } from "./labrpc/faults.ts";

// For tests.
export type { NetworkRun } from "./labrpc/delivery.ts";
export { type DrawnCall, Network, type NetworkOptions } from "./labrpc/network.ts";
export {
  type Method,
  type MethodTable,
  type RpcMethod,
  Server,
  Service,
  type ServiceMethod,
} from "./labrpc/service.ts";
