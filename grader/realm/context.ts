/**
 * A context of V8 in this process, for the realm of one server or one clerk. It may hold the
 * realm of the same machine in one run after another, as long as a run leaves nothing behind.
 *
 * @module
 */

import vm from "node:vm";
import type { Bundle, Script } from "./bundle.ts";
import type { HostCalls, LateScript, RealmCalls } from "./inside/boundary.ts";
import { SCRIPT_NAMES } from "./source_positions.ts";

/** The two modules of a submission. */
export type ModuleName = "client" | "server";

/** The scripts of a submission, compiled once for all its contexts. */
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

  /** @param bundle The scripts as text. */
  constructor(readonly bundle: Bundle) {
    const compile = ({ code }: Script, filename: string) => new vm.Script(code, { filename });
    this.prelude = compile(bundle.prelude, "kvlab:prelude");
    this.tools = compile(bundle.tools, "kvlab:tools");
    this.platform = compile(bundle.platform, "kvlab:platform");
    this.client = compile(bundle.client, SCRIPT_NAMES.client);
    this.server = compile(bundle.server, SCRIPT_NAMES.server);
  }
}

/** The functions of the host for the realm of one run. */
export type RunCalls = Omit<HostCalls, "loadScript">;

/** One context. */
export class RealmContext {
  /** The functions of the realm that is here. */
  readonly calls: RealmCalls;
  /** Makes the submission's module anew each time it is called. V8 keeps what it learned
   * about code with its function, so that all runs share one. */
  readonly wrapper: unknown;
  #run: RunCalls | undefined;

  /** @param scripts The submission.
   * @param module The module that its realms load.
   */
  constructor(scripts: CompiledBundle, readonly module: ModuleName) {
    // An ordinary global object: the default one looks every name up in the host.
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
   * @param run Answers the calls of its realm. */
  begin(run: RunCalls): void {
    this.#run = run;
  }

  /** Ends the run: from now on, the host answers no call. */
  end(): void {
    this.#run = undefined;
  }

  /** Makes the context ready for another run of the same machine.
   *
   * @returns False if the last one changed too much. */
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

/** Makes functions that take nothing but strings, numbers and booleans, whatever student code
 * made of the prelude's own means. None takes more than five arguments.
 *
 * @param current Returns what answers them; `undefined` between runs. */
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
