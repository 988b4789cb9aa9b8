/**
 * Stands in for `grader/realm/mod.ts` until it is there: each machine has variables of its
 * own, but shares the realm of the judge.
 *
 * @module
 */

import * as asserts from "@std/assert";
import * as async from "@std/async";
import * as zod from "zod";
import * as labrpc from "../../../labrpc.ts";
import { type Machines, PlainMachines } from "../../../testing/machines.ts";
import type { Bundle } from "./bundle.ts";

const MODULES: Record<string, object> = {
  zod,
  "@std/assert": asserts,
  "@std/async": async,
  "./labrpc.ts": labrpc,
  "./config.ts": {},
};

/** Returns a function that makes the machines of one run. */
export function realmMachines({ client, server }: Bundle): () => Machines {
  const load = (code: string): object => {
    const module = { exports: {} };
    const require = (name: string) =>
      MODULES[name] ?? load(name === "./server.ts" ? server : client);
    new Function("require", "module", "exports", code)(require, module, module.exports);
    return module.exports;
  };
  load(server);
  return () => new PlainMachines({ server: () => load(server), client: () => load(client) });
}
