/**
 * One server or one clerk of a run: what the lab's own code sees of a realm.
 *
 * @module
 */

import { type Method, type MethodTable, type Settle, type Transport } from "../../labrpc.ts";
import { Unsendable } from "../../labrpc/message.ts";
import { type Chance, chanceOf, type Timer } from "../../sim/mod.ts";
import {
  type ClerkMachine,
  type MachineRun,
  type ShardConfig,
  SubmissionError,
} from "../../testing/machines.ts";
import type { CompiledBundle, RealmContext } from "./context.ts";
import type { Checked, MadeMethod, MadeServer, ThrownText } from "./inside/boundary.ts";
import { RecentTexts } from "./inside/recent_texts.ts";
import { messageOf, packMessage, textOf, unpacked } from "./message_text.ts";
import { Realm, RealmThrew } from "./realm.ts";
import { originalStack } from "./source_positions.ts";
import { ForeignValue, fromThrown } from "./thrown.ts";

/** The result of a handler. */
interface Reply {
  readonly text: string;
  readonly checked: Checked;
}

/** One server or clerk. */
export class Machine {
  readonly #scripts: CompiledBundle;
  readonly #context: RealmContext;
  readonly #run: { readonly current: MachineRun | undefined };
  readonly #realm: Realm;
  readonly #timers = new Map<number, Timer>();
  /** The outcomes that the realm owes: of handlers and of operations. */
  readonly #owed = new Map<number, Settle>();
  #links: readonly Transport[] = [];
  #nextOwed = 0;
  #chance: Chance;

  /** Makes a realm in a context, and loads the module there.
   *
   * @param run The run that it has a part in, once that has begun.
   * @param chance What the module draws from while it is loaded.
   * @param print Gets what the machine prints. Returns false if it needs no more.
   * @throws {SubmissionError} The module threw.
   */
  constructor(
    scripts: CompiledBundle,
    context: RealmContext,
    run: { readonly current: MachineRun | undefined },
    chance: Chance,
    print: (line: string) => boolean = () => false,
  ) {
    this.#scripts = scripts;
    this.#context = context;
    this.#run = run;
    this.#chance = chance;
    try {
      this.#realm = new Realm(context, {
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

  /** Cuts it off. */
  end(): void {
    this.#context.end();
  }

  /** @throws {SubmissionError} The module threw, or still waits for something. */
  expectLoaded(): void {
    if (!this.#realm.isLoaded) {
      throw new SubmissionError(
        `${this.#context.module}.ts did not finish loading: an await at its top waits for something ` +
          "that takes time; load what you need inside the class",
      );
    }
    try {
      this.#realm.expectLoaded();
    } catch (error) {
      throw this.#loadError(error);
    }
  }

  /** Makes the server of the realm.
   *
   * @param links One to each server, in the order of their numbers. */
  server(cfg: ShardConfig & { me: number }, links: readonly Transport[]): MethodTable {
    this.#links = links;
    const text = this.#attempt(() => this.#realm.makeServer(JSON.stringify(cfg), links.length));
    const { methods } = JSON.parse(text) as MadeServer;
    return { methods: new Map(methods.map((made) => [made.name, this.#method(made)])) };
  }

  /** Makes the clerk of the realm.
   *
   * @param links One to each server, in the order of their numbers. */
  clerk(cfg: ShardConfig, links: readonly Transport[]): ClerkMachine {
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

  #method({ name, table, isPlain }: MadeMethod): Method {
    const fitting = new RecentTexts<true>();
    return {
      table,
      packArgs: (args) => {
        const sent = packMessage(args);
        const text = textOf(args);
        if (fitting.get(text)) return sent;
        const made = this.#realm.packArgs(name, text);
        if (made !== "") return unpacked(made);
        if (isPlain) fitting.set(text, true);
        return sent;
      },
      packReply(reply) {
        const { text, checked } = reply as Reply;
        return checked === "packed" ? unpacked(text) : packMessage(messageOf(text));
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
    const message = isProblem ? new Unsendable(args) : messageOf(args);
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
    const failure = new SubmissionError(
      `${this.#context.module}.ts threw while it was loaded: ${what}`,
    );
    failure.stack = originalStack(stack, this.#scripts.bundle);
    return failure;
  }
}
