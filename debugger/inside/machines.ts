/**
 * The machines of a run, made from the student's classes as in `deno test`, whose objects can be
 * inspected.
 *
 * @module
 */

import { AsyncLocalStorage } from "node:async_hooks";
import type { Method, MethodTable, Transport } from "../../labrpc.ts";
import type { MessageId } from "../../labrpc/network_event.ts";
import {
  type ClerkMachine,
  type MachineRun,
  type Machines,
  type ShardConfig,
} from "../../testing/machines.ts";
import { clerkName, serverName } from "../../testing/names.ts";
import { PlainMachines } from "../../testing/plain_machines.ts";

/** The two modules of a submission. */
export interface SubmissionModules {
  readonly client: object;
  readonly server: object;
}

/** Machines whose objects can be inspected. */
export class SeenMachines implements Machines {
  readonly #machines: PlainMachines;
  readonly #requests = new AsyncLocalStorage<MessageId | undefined>();
  /** Returns the request that reached a server just now. */
  readonly #delivered: () => MessageId | undefined;

  /** @param modules The classes.
   * @param onMade Gets each object when it is made.
   * @param delivered Returns the request that reached a server just now. */
  constructor(
    { client, server }: SubmissionModules,
    onMade: (machine: string, object: object) => void,
    delivered: () => MessageId | undefined,
  ) {
    this.#delivered = delivered;
    const seen = (module: object, className: string, machine: string) => {
      return withSeen(module, className, (object) => onMade(machine, object));
    };
    this.#machines = new PlainMachines({
      server: (me) => seen(server, "KVServer", serverName(me)),
      client: (id) => seen(client, "Clerk", clerkName(id)),
    });
  }

  /** Returns the request whose handler runs at this moment, if one does. */
  handled(): MessageId | undefined {
    return this.#requests.getStore();
  }

  begin(run: MachineRun): void {
    this.#machines.begin(run);
  }

  server(cfg: ShardConfig & { me: number }, links: readonly Transport[]): MethodTable {
    const { methods } = this.#machines.server(cfg, links);
    return {
      methods: new Map(Array.from(methods, ([name, method]): [string, Method] => [name, {
        ...method,
        run: (args, settle) => {
          this.#requests.run(this.#delivered(), () => method.run(args, settle));
        },
      }])),
    };
  }

  clerk(id: number, cfg: ShardConfig, links: readonly Transport[]): ClerkMachine {
    const clerk = this.#machines.clerk(id, cfg, links);
    return {
      start: (request, settle) => {
        this.#requests.run(undefined, () => clerk.start(request, settle));
      },
    };
  }
}

/** Returns a module whose class reports each new object, and does not change it. */
function withSeen(module: object, className: string, onMade: (object: object) => void): object {
  const Class: unknown = Reflect.get(module, className);
  if (typeof Class !== "function") return module;
  const Seen = new Proxy(Class, {
    construct(target, args: unknown[]) {
      const made: object = Reflect.construct(target, args);
      onMade(made);
      return made;
    },
  });
  return { ...module, [className]: Seen };
}
