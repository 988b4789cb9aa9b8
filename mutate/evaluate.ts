/**
 * Evaluates a compiled submission in this realm, beside a lab that was loaded once.
 *
 * @module
 */

import * as assert from "@std/assert";
import * as async from "@std/async";
import * as zod from "zod";
import * as labrpc from "../labrpc.ts";
import type { StudentModules } from "../testing/plain_machines.ts";

/** The modules that a submission may import, besides its own. */
const MODULES: Record<string, object> = {
  "zod": zod,
  "@std/assert": assert,
  "@std/async": async,
  "./labrpc.ts": labrpc,
  "./config.ts": {},
};

/** The CommonJS modules of `client.ts` and `server.ts`. */
export interface SubmissionCode {
  readonly client: string;
  readonly server: string;
}

/** Evaluates the two modules of a submission, which may import each other.
 *
 * @throws {Error} A module throws, or imports another module.
 */
export function evaluate({ client, server }: SubmissionCode): StudentModules {
  const codes: Record<string, string> = { "./client.ts": client, "./server.ts": server };
  const loaded: Record<string, object> = {};
  const require = (name: string): object => {
    const code = codes[name];
    if (code === undefined) {
      if (Object.hasOwn(MODULES, name)) return MODULES[name]!;
      throw new Error(`There is no module "${name}"`);
    }
    if (loaded[name] !== undefined) return loaded[name];
    const module = { exports: {} };
    loaded[name] = module.exports;
    new Function("require", "module", "exports", code)(require, module, module.exports);
    return loaded[name] = module.exports;
  };
  for (const name of Object.keys(codes)) require(name);
  return { client: () => loaded["./client.ts"]!, server: () => loaded["./server.ts"]! };
}
