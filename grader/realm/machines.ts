/**
 * The machines of runs, each in its own realm.
 *
 * @module
 */

import type { MethodTable, Transport } from "../../labrpc.ts";
import { linkOfTimeout } from "../../labrpc/errors.ts";
import { chanceOf, Random } from "../../sim/mod.ts";
import {
  type ClerkMachine,
  type MachineRun,
  type Machines,
  type ShardConfig,
} from "../../testing/machines.ts";
import { clerkName, serverName } from "../../testing/names.ts";
import type { Bundle } from "./bundle.ts";
import { CompiledBundle, type ModuleName, RealmContext } from "./context.ts";
import { describeThrown } from "./inside/describe.ts";
import { Machine } from "./machine.ts";
import { ForeignValue, fromThrown } from "./thrown.ts";

/** The number of machines that are made ahead if their module has an `await` at its top, since a
 * run cannot wait for it. No test makes more machines at one moment. */
const AHEAD = { server: 5, client: 128 } as const;

/** The options of machines. */
export interface RealmMachinesOptions {
  /** Receives each line that the submission prints. Returns false if it needs no more. */
  print?(line: string): boolean;
}

/** Makes the machines of all runs of one submission. */
export class RealmFactory {
  readonly #scripts: CompiledBundle;
  readonly #options: RealmMachinesOptions;

  constructor(bundle: Bundle, options: RealmMachinesOptions = {}) {
    this.#scripts = new CompiledBundle(bundle);
    this.#options = options;
  }

  /** Makes machines for one run, in new contexts. */
  async machines(): Promise<Machines> {
    return await this.#ready((module) => new RealmContext(this.#scripts, module));
  }

  /** Returns true if a series keeps contexts. It cannot if modules have an `await` at their top:
   * these are loaded ahead, before it is known for which machine. */
  get canKeep(): boolean {
    return !this.#scripts.awaits;
  }

  /** Makes machines for the runs of one test. */
  series(): RunSeries {
    const kept: Record<ModuleName, RealmContext[]> = { client: [], server: [] };
    const living: Machine[] = [];
    const contextOf = (module: ModuleName, number: number) => {
      const context = kept[module][number];
      if (context?.reset()) return context;
      return kept[module][number] = new RealmContext(this.#scripts, module);
    };
    return {
      machines: async () => {
        for (const machine of living.splice(0)) machine.end();
        if (!this.canKeep) return await this.machines();
        return await this.#ready(contextOf, (machine) => living.push(machine));
      },
    };
  }

  async #ready(
    contextOf: ContextOf,
    onMade: (machine: Machine) => void = () => {},
  ): Promise<RealmMachines> {
    const machines = new RealmMachines(this.#scripts, contextOf, onMade, this.#options);
    await machines.makeAhead();
    return machines;
  }
}

/** The runs of one test. Each server or clerk has its own context, and the one with the same
 * number gets that context in the next run. */
export interface RunSeries {
  /** Makes machines for the next run, and cuts off those of the previous one. */
  machines(): Promise<Machines>;
}

/** Returns a context for the machine with this number of its kind. */
type ContextOf = (module: ModuleName, number: number) => RealmContext;

/** The machines of one run. */
class RealmMachines implements Machines {
  readonly #scripts: CompiledBundle;
  readonly #contextOf: ContextOf;
  // The machines are not kept here, so that the memory of an unused one is freed.
  readonly #onMade: (machine: Machine) => void;
  readonly #options: RealmMachinesOptions;
  readonly #numbers: Record<ModuleName, number> = { client: 0, server: 0 };
  readonly #ahead: Record<ModuleName, Machine[]> = { client: [], server: [] };
  readonly #run: { current: MachineRun | undefined } = { current: undefined };
  /** The source of chance for modules while they load: no machine has its name yet. */
  readonly #loading = new Random(0).child("loading");
  #made = 0;

  constructor(
    scripts: CompiledBundle,
    contextOf: ContextOf,
    onMade: (machine: Machine) => void,
    options: RealmMachinesOptions,
  ) {
    this.#scripts = scripts;
    this.#contextOf = contextOf;
    this.#onMade = onMade;
    this.#options = options;
  }

  /** Makes machines ahead of the run if their modules have an `await` at their top. */
  async makeAhead(): Promise<void> {
    if (!this.#scripts.awaits) return;
    for (const module of ["client", "server"] as const) {
      if (!this.#scripts.bundle[module].awaits) continue;
      for (let i = 0; i < AHEAD[module]; i++) this.#ahead[module].push(this.#make(module));
    }
    // An `await` of a settled promise is over after one turn of the event loop.
    await new Promise<void>((resolve) => void setImmediate(resolve));
  }

  begin(run: MachineRun): void {
    this.#run.current = run;
  }

  server(cfg: ShardConfig & { me: number }, links: readonly Transport[]): MethodTable {
    return this.#take("server", serverName(cfg.me)).server(cfg, links);
  }

  clerk(id: number, cfg: ShardConfig, links: readonly Transport[]): ClerkMachine {
    return this.#take("client", clerkName(id)).clerk(cfg, links);
  }

  adopt(error: unknown): unknown {
    if (error instanceof Error || error instanceof ForeignValue) return error;
    // Inspecting the value could run its code and hand it objects of this realm.
    const kindOf = (value: object) => linkOfTimeout(value) === undefined ? "error" : "timeout";
    const thrown = describeThrown(error, (value) => typeof value, kindOf);
    return fromThrown(thrown, this.#scripts.bundle);
  }

  #take(module: ModuleName, name: string): Machine {
    const ahead = this.#ahead[module];
    const machine = ahead.shift() ?? this.#make(module);
    if (this.#scripts.bundle[module].awaits) ahead.push(this.#make(module));
    machine.begin(name);
    return machine;
  }

  #make(module: ModuleName): Machine {
    const context = this.#contextOf(module, this.#numbers[module]++);
    const chance = chanceOf(this.#loading, String(this.#made++));
    const machine = new Machine(context, this.#run, chance, this.#options.print);
    this.#onMade(machine);
    return machine;
  }
}
