/**
 * A context of V8 in this process, for the realm of one server or clerk. The machine with the same
 * number can use the context in the next run if the last one left nothing behind.
 *
 * @module
 */

import vm from "node:vm";
import type { Bundle, Script } from "./bundle.ts";
import type { HostCalls, LateScript, RealmCalls } from "./inside/boundary.ts";
import { SCRIPT_NAMES } from "./source_positions.ts";

/** The two modules of a submission. */
export type ModuleName = "client" | "server";

/** The compiled scripts of a submission, for all its contexts. */
export class CompiledBundle {
  readonly prelude: vm.Script;
  readonly tools: vm.Script;
  readonly platform: vm.Script;
  readonly client: vm.Script;
  readonly server: vm.Script;

  /** True if a module has an `await` at its top. */
  get awaits(): boolean {
    return this.bundle.client.awaits || this.bundle.server.awaits;
  }

  constructor(readonly bundle: Bundle) {
    const compile = ({ code }: Script, filename: string) => new vm.Script(code, { filename });
    this.prelude = compile(bundle.prelude, "kvlab:prelude");
    this.tools = compile(bundle.tools, "kvlab:tools");
    this.platform = compile(bundle.platform, "kvlab:platform");
    this.client = compile(bundle.client, SCRIPT_NAMES.client);
    this.server = compile(bundle.server, SCRIPT_NAMES.server);
  }
}

/** The functions of the host that one run provides. */
export type RunCalls = Omit<HostCalls, "loadScript">;

/** One context. */
export class RealmContext {
  /** The functions of the realm. */
  readonly calls: RealmCalls;
  /** The scripts as text. */
  readonly bundle: Bundle;
  /** The function that loads the submission's module. All runs share it, since V8 optimizes a
   * function with what it learned in earlier calls. */
  readonly wrapper: unknown;
  #run: RunCalls | undefined;

  /** @param scripts The submission.
   * @param module The module that its realms load.
   */
  constructor(scripts: CompiledBundle, readonly module: ModuleName) {
    this.bundle = scripts.bundle;
    // The default global object would look up every name in the host.
    const context = vm.createContext(vm.constants.DONT_CONTEXTIFY, { name: module });
    const loadScript = (name: LateScript) => {
      this.calls.giveScript(name, scripts[name].runInContext(context)());
    };
    const boot = scripts.prelude.runInContext(context) as (host: HostCalls) => RealmCalls;
    this.calls = boot(hostCalls(() => this.#run, loadScript));
    this.wrapper = scripts[module].runInContext(context);
  }

  /** Begins a run.
   *
   * @param run The functions that the realm may call. */
  begin(run: RunCalls): void {
    this.#run = run;
  }

  /** Ends the run: every later call to the host throws. */
  end(): void {
    this.#run = undefined;
  }

  /** Makes the context ready for another run of the same machine.
   *
   * @returns False if the last run changed too much. */
  reset(): boolean {
    this.end();
    try {
      return this.calls.beginAgain() === true;
    } catch {
      return false;
    }
  }
}

/** The names of {@linkcode RunCalls}. */
const RUN_CALLS = Object.keys(
  {
    now: true,
    bits: true,
    setTimer: true,
    clearTimer: true,
    busyWait: true,
    send: true,
    replied: true,
    handlerThrew: true,
    returned: true,
    operationThrew: true,
    loaded: true,
    print: true,
  } satisfies Record<keyof RunCalls, true>,
);

type AnyCall = (...args: unknown[]) => unknown;

/** Returns functions of the host that accept only strings, numbers and booleans, in case student
 * code changes what the prelude relies on. None takes more than five arguments.
 *
 * @param current Returns the functions of the run; `undefined` between runs. */
function hostCalls(
  current: () => RunCalls | undefined,
  loadScript: HostCalls["loadScript"],
): HostCalls {
  const checked = (find: () => AnyCall) => {
    return (a: unknown, b: unknown, c: unknown, d: unknown, e: unknown) => {
      const areAll = isPrimitive(a) && isPrimitive(b) && isPrimitive(c) && isPrimitive(d) &&
        isPrimitive(e);
      if (!areAll) throw new TypeError("Only text crosses");
      return find()(a, b, c, d, e);
    };
  };
  const calls = RUN_CALLS.map((name) => {
    const find = () => {
      const run = current();
      if (run === undefined) throw new TypeError("The run is over");
      return run[name as keyof RunCalls] as AnyCall;
    };
    return [name, checked(find)];
  });
  const load = checked(() => loadScript as AnyCall);
  return { ...Object.fromEntries(calls), loadScript: load } as HostCalls;
}

function isPrimitive(value: unknown): boolean {
  return value === null || (typeof value !== "object" && typeof value !== "function");
}
