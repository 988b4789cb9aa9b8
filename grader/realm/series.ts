/**
 * The contexts of runs that follow each other: each machine keeps its own, so that V8 need
 * not learn the same code again for each run.
 *
 * A context is that of server `i` or of clerk `i` in every run, so machines share nothing.
 * What a run could leave to the same machine in a later run would be on the objects of the
 * language. They are looked at after the first run of each machine, at moments that nobody
 * can foresee, and at the end. Once one of them differs, no context is used again.
 *
 * @module
 */

import { type CompiledBundle, type ModuleName, RealmContext } from "./context.ts";

/** One in so many uses of a context is preceded by a look at all its objects. */
const LOOKED_AT_EVERY = 16;

/** Real chance: runs replace it while they go on. */
const { random } = Math;

interface Kept {
  readonly context: RealmContext;
  runs: number;
}

/** Keeps contexts from one run to the next. */
export class KeptContexts {
  readonly #scripts: CompiledBundle;
  #kept: Record<ModuleName, Kept[]> = { client: [], server: [] };
  #isKeeping = true;
  #isSound = true;

  /** @param scripts The submission. */
  constructor(scripts: CompiledBundle) {
    this.#scripts = scripts;
  }

  /** False once a run changed an object of the language: every run then gets new contexts. */
  get isKeeping(): boolean {
    return this.#isKeeping;
  }

  /** Returns the context of a machine in the next run.
   *
   * @param number The number of the server, or of the clerk. */
  take(module: ModuleName, number: number): RealmContext {
    if (!this.#isKeeping) return new RealmContext(this.#scripts, module, false);
    const kept = this.#kept[module][number];
    if (kept !== undefined && this.#isAsNew(kept)) {
      kept.runs++;
      return kept.context;
    }
    const context = new RealmContext(this.#scripts, module, this.#isKeeping);
    if (this.#isKeeping) this.#kept[module][number] = { context, runs: 1 };
    return context;
  }

  /** Looks at all contexts.
   *
   * @returns False if a run may have found something that a run before it left behind. The
   * runs must then be made again. */
  isSound(): boolean {
    for (const module of ["client", "server"] as const) {
      for (const kept of this.#kept[module]) this.#look(kept);
    }
    return this.#isSound;
  }

  #isAsNew(kept: Kept): boolean {
    if (kept.runs === 1 || random() * LOOKED_AT_EVERY < 1) this.#look(kept);
    else if (!kept.context.restore()) this.#stop(kept);
    return this.#isKeeping;
  }

  #look(kept: Kept): void {
    if (!kept.context.isUnchanged()) this.#stop(kept);
  }

  #stop({ runs }: Kept): void {
    this.#isKeeping = false;
    if (runs > 1) this.#isSound = false;
  }
}
