/**
 * The machines of a run, each in a realm of its own.
 *
 * @module
 */

import type { MethodTable, Transport } from "../../labrpc.ts";
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
import { originalStack } from "./source_positions.ts";
import { ForeignValue, fromThrown } from "./thrown.ts";

/** The number of machines that are kept ahead where modules wait with an `await` at their top,
 * since a run cannot wait for them. No test makes more at one moment. */
const AHEAD = { server: 5, client: 128 } as const;

/** The options of machines. */
export interface RealmMachinesOptions {
  /** Gets what the submission prints. Returns false if it needs no more. */
  print?(line: string): boolean;
}

/** Makes the machines of one run after another from one submission. */
export class RealmFactory {
  readonly #scripts: CompiledBundle;
  readonly #options: RealmMachinesOptions;

  /** @param bundle The submission. */
  constructor(bundle: Bundle, options: RealmMachinesOptions = {}) {
    this.#scripts = new CompiledBundle(bundle);
    this.#options = options;
  }

  /** Makes machines for one run, in contexts of their own. */
  async machines(): Promise<Machines> {
    return await this.#ready((module) => new RealmContext(this.#scripts, module));
  }

  /** Returns true if a series keeps contexts. Modules that wait at their top are loaded ahead,
   * when nobody knows for which machine. */
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

/** The runs of one test, one after another. A server or clerk has a context of its own, and
 * that of the same number has it again in the next run. */
export interface RunSeries {
  /** Makes machines for the next run. Those of the run before it are cut off. */
  machines(): Promise<Machines>;
}

/** Returns a context for machine `number` of its kind. */
type ContextOf = (module: ModuleName, number: number) => RealmContext;

/** The machines of one run. */
class RealmMachines implements Machines {
  readonly #scripts: CompiledBundle;
  readonly #contextOf: ContextOf;
  // A machine that nobody uses any more must go, with its memory: it is not kept here.
  readonly #onMade: (machine: Machine) => void;
  readonly #options: RealmMachinesOptions;
  readonly #numbers: Record<ModuleName, number> = { client: 0, server: 0 };
  readonly #ahead: Record<ModuleName, Machine[]> = { client: [], server: [] };
  readonly #run: { current: MachineRun | undefined } = { current: undefined };
  /** The stream that modules draw from while they load: no machine has its name yet. */
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

  /** Makes machines ahead of the run if their modules wait for something. */
  async makeAhead(): Promise<void> {
    if (!this.#scripts.awaits) return;
    for (const module of ["client", "server"] as const) {
      if (!this.#scripts.bundle[module].awaits) continue;
      for (let i = 0; i < AHEAD[module]; i++) this.#ahead[module].push(this.#make(module));
    }
    // An `await` of what is there already takes no longer.
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
    // Nothing of this realm may get into the value's hands, so it is not inspected.
    const thrown = describeThrown(error, (value) => typeof value, () => "error");
    return fromThrown(thrown, (stack) => originalStack(stack, this.#scripts.bundle));
  }

  #take(module: ModuleName, name: string): Machine {
    const ahead = this.#ahead[module];
    const machine = ahead.shift() ?? this.#make(module);
    if (this.#scripts.bundle[module].awaits) ahead.push(this.#make(module));
    machine.begin(name);
    machine.expectLoaded();
    return machine;
  }

  #make(module: ModuleName): Machine {
    const context = this.#contextOf(module, this.#numbers[module]++);
    const chance = chanceOf(this.#loading, String(this.#made++));
    const machine = new Machine(this.#scripts, context, this.#run, chance, this.#options.print);
    this.#onMade(machine);
    return machine;
  }
}
