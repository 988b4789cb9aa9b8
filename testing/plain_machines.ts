/**
 * Machines that run in this realm, as in `deno test`. They share its globals, but each has its own
 * stream of random numbers.
 *
 * @module
 */

import type { Method, MethodTable, Transport } from "../labrpc.ts";
import { type Chance, chanceOf, type Random, withChance } from "../sim/mod.ts";
import {
  type ClerkMachine,
  type MachineRun,
  type Machines,
  makeClerk,
  makeServer,
  type ShardConfig,
} from "./machines.ts";
import { clerkName, serverName } from "./names.ts";

/** The two modules that a student writes. */
export interface StudentModules {
  /** A `server.ts`, for server `me`. */
  server(me: number): object;
  /** A `client.ts`, for clerk `id`. */
  client(id: number): object;
}

/** Machines that run in this realm. */
export class PlainMachines implements Machines {
  readonly #modules: StudentModules;
  #random: Random | undefined;

  constructor(modules: StudentModules) {
    this.#modules = modules;
  }

  begin({ random }: MachineRun): void {
    this.#random = random;
  }

  server(cfg: ShardConfig & { me: number }, links: readonly Transport[]): MethodTable {
    const chance = this.#chanceOf(serverName(cfg.me));
    const { methods } = withChance(chance, () => {
      return makeServer(this.#modules.server(cfg.me), cfg, links);
    });
    return {
      methods: new Map(Array.from(methods, ([name, method]): [string, Method] => [name, {
        ...method,
        run: (args, settle) => withChance(chance, () => method.run(args, settle)),
      }])),
    };
  }

  clerk(id: number, cfg: ShardConfig, links: readonly Transport[]): ClerkMachine {
    const chance = this.#chanceOf(clerkName(id));
    const clerk = withChance(chance, () => makeClerk(this.#modules.client(id), cfg, links));
    return { start: (request, settle) => withChance(chance, () => clerk.start(request, settle)) };
  }

  #chanceOf(machine: string): Chance | undefined {
    return this.#random && chanceOf(this.#random, machine);
  }
}
