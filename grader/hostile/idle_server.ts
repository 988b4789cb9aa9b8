/**
 * A server that stores nothing, for clerks that cheat.
 *
 * @module
 */

/** The text of its `server.ts`. */
export const idleServer = `// @ts-nocheck
import { z } from "zod";
const Any = z.object({ key: z.string() });
const rpc = { args: Any, reply: Any };
export class KVServer {
  static rpc = { get: rpc, put: rpc, append: rpc };
  get(args) { return args; }
  put(args) { return args; }
  append(args) { return args; }
}
`;
