/**
 * Clerks that share one context. In grading no machines do; here an attack must work, which
 * shows that its failure in grading means something.
 *
 * @module
 */

import vm from "node:vm";
import * as labrpc from "../../labrpc.ts";
import type { Machines } from "../../testing/machines.ts";
import { PlainMachines } from "../../testing/plain_machines.ts";
import type { Bundle } from "../realm/mod.ts";

/** Makes machines whose clerks share one context. Their servers run in this realm.
 *
 * @param print Receives each line that a clerk prints.
 */
export function machinesOfOneContext(
  { client, server }: Bundle,
  print: (line: string) => void = () => {},
): Machines {
  const context = vm.createContext(vm.constants.DONT_CONTEXTIFY) as typeof globalThis;
  const { structuredClone, URL } = globalThis;
  const offered = { console: { log: print }, performance: {}, setTimeout: () => {} };
  Object.assign(context, offered, { crypto: { randomUUID: () => "" }, structuredClone, URL });
  const clientModule = new vm.Script(client.code).runInContext(context)(labrpc) as object;
  const serverModule = (0, eval)(server.code)(labrpc) as object;
  const plain = new PlainMachines({ server: () => serverModule, client: () => clientModule });
  return {
    begin: (run) => plain.begin(run),
    server: (cfg, links) => plain.server(cfg, links),
    clerk(id, cfg, links) {
      // The network accepts only objects of this realm.
      const copying = links.map((link): typeof link => (method, args, settle) => {
        link(method, JSON.parse(JSON.stringify(args)), settle);
      });
      return plain.clerk(id, cfg, copying);
    },
  };
}
