/**
 * A context of V8 in this process, for the realm of one server or one clerk. It may hold the
 * realm of the same machine in one run after another, as long as a run leaves nothing behind.
 *
 * @module
 */

import vm from "node:vm";
import type { Bundle, Script } from "./bundle.ts";
import type { Intrinsics } from "./inside/intrinsics.ts";
import { SCRIPT_NAMES } from "./source_positions.ts";

/** The two modules of a submission. */
export type ModuleName = "client" | "server";

/** The scripts of a submission, compiled once for all its contexts. */
export class CompiledBundle {
  readonly intrinsics: vm.Script;
  readonly prelude: vm.Script;
  readonly tools: vm.Script;
  readonly platform: vm.Script;
  readonly client: vm.Script;
  readonly server: vm.Script;

  /** True if a module has an `await` at its top. */
  get awaits(): boolean {
    return this.bundle.client.awaits || this.bundle.server.awaits;
  }

  /** @param bundle The scripts as text. */
  constructor(readonly bundle: Bundle) {
    const compile = ({ code }: Script, filename: string) => new vm.Script(code, { filename });
    this.intrinsics = compile(bundle.intrinsics, "kvlab:intrinsics");
    this.prelude = compile(bundle.prelude, "kvlab:prelude");
    this.tools = compile(bundle.tools, "kvlab:tools");
    this.platform = compile(bundle.platform, "kvlab:platform");
    this.client = compile(bundle.client, SCRIPT_NAMES.client);
    this.server = compile(bundle.server, SCRIPT_NAMES.server);
  }
}

/** A script of a context: a function that does everything anew each time it is called. */
type ScriptFunction = (...args: unknown[]) => unknown;

/** One context. */
export class RealmContext {
  readonly #context: vm.Context;
  readonly #scripts: CompiledBundle;
  /** V8 keeps what it learned about a function's code with the function, so each script makes
   * one function only. */
  readonly #functions = new Map<string, ScriptFunction>();
  readonly #intrinsics: Intrinsics | undefined;

  /** @param scripts The submission.
   * @param module The module that its realms load.
   * @param isKept True if it is to hold more than one realm, one after another.
   */
  constructor(scripts: CompiledBundle, readonly module: ModuleName, isKept: boolean) {
    this.#scripts = scripts;
    // An ordinary global object: the default one looks every name up in the host.
    this.#context = vm.createContext(vm.constants.DONT_CONTEXTIFY, { name: module });
    const { record } = this.script("intrinsics")() as { record(): Intrinsics };
    if (isKept) this.#intrinsics = record();
  }

  /** Returns the function that a script makes here. */
  script(name: keyof Bundle): ScriptFunction {
    let made = this.#functions.get(name);
    if (made === undefined) {
      made = this.#scripts[name].runInContext(this.#context) as ScriptFunction;
      this.#functions.set(name, made);
    }
    return made;
  }

  /** Puts the global object back to what it was at first.
   *
   * @returns False if that is not possible. */
  restore(): boolean {
    return this.#intrinsics?.restore() === true;
  }

  /** Looks at every object of the language, which takes half a millisecond.
   *
   * @returns True if none differs from what it was at first, but for what
   * {@linkcode RealmContext.restore} puts back. */
  isUnchanged(): boolean {
    return this.#intrinsics?.restore() === true && this.#intrinsics.isUnchanged();
  }
}
