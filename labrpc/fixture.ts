/**
 * A server and an end that reaches it, for the tests of the network.
 *
 * @module
 */

import { type ClientEnd, type Network, Server, Service } from "../labrpc.ts";

/** Makes a server that runs one handler. */
export function makeServer(handler: object): Server {
  const server = new Server();
  server.addService(new Service(handler));
  return server;
}

/** Makes an end that reaches "server 0". */
export function makeEnd<T, Name extends string>(
  network: Network,
  name: string,
): ClientEnd<T, Name> {
  const end = network.makeEnd<T, Name>(name);
  network.connect(name, "server 0");
  network.enable(name, true);
  return end;
}
