/**
 * The machines of a run, each in a realm of its own.
 *
 * @module
 */

import { type Method, type MethodTable, type Settle, type Transport } from "../../labrpc.ts";
import {
  type Chance,
  chanceOf,
  MessageError,
  pack,
  type Packed,
  Random,
  type Timer,
  Unsendable,
} from "../../sim/mod.ts";
import {
  type ClerkMachine,
  clerkName,
  type MachineConfig,
  type MachineRun,
  type Machines,
  serverName,
} from "../../testing/machines.ts";
import { SubmissionError } from "../../testing/submission_error.ts";
import type { Bundle } from "./bundle.ts";
import type { Checked, MadeServer, PackedText, ThrownText } from "./inside/boundary.ts";
import { describeThrown } from "./inside/describe.ts";
import { CompiledBundle, Realm, RealmThrew } from "./realm.ts";
import { originalStack } from "./source_positions.ts";
import { ForeignValue, fromThrown } from "./thrown.ts";

type ModuleName = "client" | "server";

/** How many machines are kept ahead where modules wait with an `await` at their top, since a
 * run cannot wait for them. No test makes more at one moment. */
const AHEAD = { server: 5, client: 64 } as const;

/** What machines may be told. */
export interface RealmMachinesOptions {
  /** Gets what the submission prints. */
  print?(line: string): void;
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

  /** Makes fresh machines for one run. */
  async machines(): Promise<Machines> {
    const machines = new RealmMachines(this.#scripts, this.#options);
    await machines.makeAhead();
    return machines;
  }
}

/** The machines of one run. */
class RealmMachines implements Machines {
  readonly #scripts: CompiledBundle;
  readonly #options: RealmMachinesOptions;
  readonly #ahead: Record<ModuleName, Machine[]> = { client: [], server: [] };
  readonly #run: { current: MachineRun | undefined } = { current: undefined };
  /** What modules draw from while they load: no machine has its name yet. */
  readonly #loading = new Random(0).child("loading");
  #made = 0;

  constructor(scripts: CompiledBundle, options: RealmMachinesOptions) {
    this.#scripts = scripts;
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

  server(cfg: MachineConfig & { me: number }, links: readonly Transport[]): MethodTable {
    return this.#take("server", serverName(cfg.me)).server(cfg, links);
  }

  clerk(id: number, cfg: MachineConfig, links: readonly Transport[]): ClerkMachine {
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
    const chance = chanceOf(this.#loading, String(this.#made++));
    return new Machine(this.#scripts, module, this.#run, chance, this.#options.print);
  }
}

/** What a handler returned. */
interface Reply {
  readonly text: string;
  readonly checked: Checked;
}

/** One server or clerk. */
class Machine {
  readonly #scripts: CompiledBundle;
  readonly #module: ModuleName;
  readonly #run: { readonly current: MachineRun | undefined };
  readonly #realm: Realm;
  readonly #timers = new Map<number, Timer>();
  /** The outcomes that the realm owes: of handlers and of operations. */
  readonly #owed = new Map<number, Settle>();
  #links: readonly Transport[] = [];
  #nextOwed = 0;
  #chance: Chance;

  constructor(
    scripts: CompiledBundle,
    module: ModuleName,
    run: { readonly current: MachineRun | undefined },
    chance: Chance,
    print: (line: string) => void = () => {},
  ) {
    this.#scripts = scripts;
    this.#module = module;
    this.#run = run;
    this.#chance = chance;
    try {
      this.#realm = new Realm(scripts, module, {
        now: () => this.#run.current?.clock.now() ?? 0,
        bits: () => this.#chance.random.bits(),
        setTimer: (id, delayMs) => this.#setTimer(id, delayMs),
        clearTimer: (id) => this.#clearTimer(id),
        busyWait: () => this.#run.current?.busyWait(),
        send: (link, call, method, args, isProblem) => {
          this.#send(link, call, method, args, isProblem);
        },
        replied: (run, reply, checked) => {
          this.#settle(run)?.resolve({ text: reply, checked } satisfies Reply);
        },
        handlerThrew: (run, thrown) => this.#settle(run)?.reject(this.#thrown(thrown)),
        returned: (operation, result, isString) => {
          this.#settle(operation)?.resolve(isString ? result : new ForeignValue(result));
        },
        operationThrew: (operation, thrown) => {
          this.#settle(operation)?.reject(this.#thrown(thrown));
        },
        print,
      });
    } catch (error) {
      throw this.#loadError(error);
    }
  }

  /** Gives the machine its part in the run.
   *
   * @param name Its name, for example "server 0". */
  begin(name: string): void {
    const { current } = this.#run;
    if (current !== undefined) this.#chance = chanceOf(current.random, name);
  }

  /** @throws {SubmissionError} The module threw, or still waits for something. */
  expectLoaded(): void {
    if (!this.#realm.isLoaded) {
      throw new SubmissionError(
        `${this.#module}.ts did not finish loading: an await at its top waits for something ` +
          "that takes time; load what you need inside the class",
      );
    }
    try {
      this.#realm.expectLoaded();
    } catch (error) {
      throw this.#loadError(error);
    }
  }

  server(cfg: MachineConfig & { me: number }, links: readonly Transport[]): MethodTable {
    this.#links = links;
    const text = this.#attempt(() => this.#realm.makeServer(JSON.stringify(cfg), links.length));
    const { methods } = JSON.parse(text) as MadeServer;
    return { methods: new Map(methods.map(([name, table]) => [name, this.#method(name, table)])) };
  }

  clerk(cfg: MachineConfig, links: readonly Transport[]): ClerkMachine {
    this.#links = links;
    this.#attempt(() => this.#realm.makeClerk(JSON.stringify(cfg), links.length));
    return {
      start: (request, settle) => {
        const operation = this.#owe(settle);
        const { op, key, value = "" } = request;
        this.#attempt(() => this.#realm.start(operation, op, key, value));
      },
    };
  }

  #method(name: string, table: string): Method {
    return {
      table,
      packArgs: (args) => {
        const sent = pack(args);
        const text = textOf(args);
        const made = this.#realm.packArgs(name, text);
        if (made !== "") return unpacked(made);
        keepText(sent.value, text);
        return sent;
      },
      packReply(reply) {
        const { text, checked } = reply as Reply;
        if (checked === "packed") return unpacked(text);
        const sent = pack(JSON.parse(text));
        keepText(sent.value, text);
        return sent;
      },
      run: (args, settle) => {
        const run = this.#owe(settle);
        this.#attempt(() => this.#realm.run(run, name, textOf(args)));
      },
    };
  }

  #send(link: number, call: number, method: string, args: string, isProblem: boolean): void {
    const transport = typeof link === "number" ? this.#links[link] : undefined;
    if (transport === undefined) throw new RangeError(`There is no link ${link}`);
    let message: unknown;
    if (isProblem) message = new Unsendable(args);
    else keepText(message = JSON.parse(args), args);
    transport(method, message, {
      resolve: (reply) => this.#attempt(() => this.#realm.receive(call, textOf(reply))),
      timeOut: (request) => this.#attempt(() => this.#realm.timeOut(call, request)),
      // What else can become of a call is an RpcError.
      reject: (error) => this.#attempt(() => this.#realm.refuse(call, (error as Error).message)),
    });
  }

  #setTimer(id: number, delayMs: number): void {
    const fire = () => {
      this.#timers.delete(id);
      this.#attempt(() => this.#realm.fire(id));
    };
    const tieBreak = this.#chance.ties.bits();
    const timer = this.#run.current?.clock.setTimer(delayMs, fire, tieBreak);
    if (timer !== undefined) this.#timers.set(id, timer);
  }

  #clearTimer(id: number): void {
    const timer = this.#timers.get(id);
    if (timer !== undefined) this.#run.current!.clock.clearTimer(timer);
    this.#timers.delete(id);
  }

  #owe(settle: Settle): number {
    const number = this.#nextOwed++;
    this.#owed.set(number, settle);
    return number;
  }

  #settle(number: number): Settle | undefined {
    const settle = this.#owed.get(number);
    this.#owed.delete(number);
    return settle;
  }

  /** Calls into the realm, and throws what it threw as an error of this one. */
  #attempt<T>(call: () => T): T {
    try {
      return call();
    } catch (error) {
      if (error instanceof RealmThrew) throw this.#fromThrown(error.thrown);
      throw error;
    }
  }

  #thrown(text: string): unknown {
    return this.#fromThrown(JSON.parse(text) as ThrownText);
  }

  #fromThrown(thrown: ThrownText): unknown {
    return fromThrown(thrown, (stack) => originalStack(stack, this.#scripts.bundle));
  }

  #loadError(error: unknown): unknown {
    if (!(error instanceof RealmThrew)) return error;
    const { kind, name, message, stack } = error.thrown;
    const what = kind === "value" ? message : `${name}: ${message}`;
    const failure = new SubmissionError(`${this.#module}.ts threw while it was loaded: ${what}`);
    failure.stack = originalStack(stack, this.#scripts.bundle);
    return failure;
  }
}

/** Where a message on its way from one realm to another carries its JSON text, which would
 * have to be made again otherwise. */
const TEXT = Symbol("text");

type Carrier = { [TEXT]?: string } | null;

function keepText(message: unknown, text: string): void {
  if (typeof message === "object" && message !== null) (message as Carrier)![TEXT] = text;
}

function textOf(message: unknown): string {
  return (message as Carrier)?.[TEXT] ?? JSON.stringify(message);
}

function unpacked(text: string): Packed {
  const packed = JSON.parse(text) as PackedText;
  if ("problem" in packed) throw new MessageError(packed.problem);
  return { value: JSON.parse(packed.text), bytes: packed.bytes, content: packed.content };
}
