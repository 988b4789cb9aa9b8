/**
 * One server or clerk of a run, in its own realm: a context of V8 in this process that has the
 * language and little else.
 *
 * Only text crosses the boundary. The functions that a realm gets from its host take and return
 * strings, numbers and booleans, and the prelude keeps them to itself. The host never looks at a
 * value that a realm throws. Time and the order of events are not isolated.
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
import type { RealmContext } from "./context.ts";
import type { Checked, MadeMethod, MadeServer, RealmCalls, ThrownText } from "./inside/boundary.ts";
import { messageOf, packMessage, textOf, unpacked } from "./message_text.ts";
import { originalStack } from "./source_positions.ts";
import { ForeignValue, fromThrown } from "./thrown.ts";

/** The result of a handler. */
interface Reply {
  readonly text: string;
  readonly checked: Checked;
}

/** The outcome of a call that throws, although the prelude catches everything: its stack was
 * full. */
const STACK_FULL = JSON.stringify(
  {
    kind: "error",
    name: "RangeError",
    message: "Maximum call stack size exceeded",
    stack: "",
  } satisfies ThrownText,
);

/** One server or clerk. */
export class Machine {
  readonly #context: RealmContext;
  readonly #calls: RealmCalls;
  readonly #run: { readonly current: MachineRun | undefined };
  readonly #timers = new Map<number, Timer>();
  /** The handlers and operations that are running. */
  readonly #running = new Map<number, Settle>();
  #nextRunning = 0;
  #links: readonly Transport[] = [];
  #chance: Chance;
  /** The thrown value if the module threw, or "" if it is loaded; `undefined` while it waits in an
   * `await`. */
  #loaded: string | undefined;

  /** Makes a realm in a context, and loads the module there.
   *
   * @param context A context that no other realm uses at the same time.
   * @param run The run, once it has begun.
   * @param chance The source of chance while the module is loaded.
   * @param print Receives each line that the machine prints. Returns false if it needs no more.
   * @throws {SubmissionError} The module threw.
   */
  constructor(
    context: RealmContext,
    run: { readonly current: MachineRun | undefined },
    chance: Chance,
    print: (line: string) => boolean = () => false,
  ) {
    this.#context = context;
    this.#calls = context.calls;
    this.#run = run;
    this.#chance = chance;
    context.begin({
      now: () => this.#run.current?.clock.now() ?? 0,
      bits: () => this.#chance.random.bits(),
      setTimer: (id, delayMs) => this.#setTimer(id, delayMs),
      clearTimer: (id) => this.#clearTimer(id),
      busyWait: () => this.#run.current?.busyWait(),
      send: (link, call, method, args, isProblem) => {
        this.#send(link, call, method, args, isProblem);
      },
      replied: (run, text, checked) => {
        this.#ended(run)?.resolve({ text, checked } satisfies Reply);
      },
      handlerThrew: (run, thrown) => this.#ended(run)?.reject(this.#thrown(thrown)),
      returned: (operation, result, isString) => {
        this.#ended(operation)?.resolve(isString ? result : new ForeignValue(result));
      },
      operationThrew: (operation, thrown) => {
        this.#ended(operation)?.reject(this.#thrown(thrown));
      },
      loaded: (thrown) => void (this.#loaded = thrown),
      print,
    });
    this.#expectLoaded(this.#text(() => this.#calls.load(context.wrapper)));
  }

  /** Lets the machine take part in the run.
   *
   * @param name Its name, for example "server 0".
   * @throws {SubmissionError} The module threw, or still waits in an `await`. */
  begin(name: string): void {
    const { current } = this.#run;
    if (current !== undefined) this.#chance = chanceOf(current.random, name);
    if (this.#loaded === undefined) {
      throw new SubmissionError(
        `${this.#context.module}.ts did not finish loading: an await at its top waits for something ` +
          "that takes time; load what you need inside the class",
      );
    }
    this.#expectLoaded(this.#loaded);
  }

  /** Cuts the machine off from the run. */
  end(): void {
    this.#context.end();
  }

  /** Makes the server of the realm.
   *
   * @param links The links to all servers, in the order of their numbers. */
  server(cfg: ShardConfig & { me: number }, links: readonly Transport[]): MethodTable {
    this.#links = links;
    const text = this.#text(() => this.#calls.makeServer(JSON.stringify(cfg), links.length));
    if (!text.startsWith('{"methods":')) throw this.#thrown(text);
    const { methods } = JSON.parse(text) as MadeServer;
    return { methods: new Map(methods.map((made) => [made.name, this.#method(made)])) };
  }

  /** Makes the clerk of the realm.
   *
   * @param links The links to all servers, in the order of their numbers. */
  clerk(cfg: ShardConfig, links: readonly Transport[]): ClerkMachine {
    this.#links = links;
    this.#do(() => this.#calls.makeClerk(JSON.stringify(cfg), links.length));
    return {
      start: ({ op, key, value = "" }, settle) => {
        const operation = this.#begun(settle);
        this.#do(() => void this.#calls.start(operation, op, key, value));
      },
    };
  }

  #method({ name, table }: MadeMethod): Method {
    return {
      table,
      packArgs: (args) => {
        const sent = packMessage(args);
        const made = this.#text(() => this.#calls.packArgs(name, textOf(args)));
        return made === "" ? sent : unpacked(made);
      },
      packReply(reply) {
        const { text, checked } = reply as Reply;
        return checked === "packed" ? unpacked(text) : packMessage(messageOf(text));
      },
      run: (args, settle) => {
        const run = this.#begun(settle);
        this.#do(() => void this.#calls.run(run, name, textOf(args)));
      },
    };
  }

  #send(link: number, call: number, method: string, args: string, isProblem: boolean): void {
    const transport = typeof link === "number" ? this.#links[link] : undefined;
    if (transport === undefined) throw new RangeError(`There is no link ${link}`);
    const message = isProblem ? new Unsendable(args) : messageOf(args);
    transport(method, message, {
      resolve: (reply) => this.#do(() => void this.#calls.receive(call, textOf(reply))),
      timeOut: (request, link) => {
        this.#do(() => void this.#calls.timeOut(call, request, link));
      },
      // Every other outcome of a call is an RpcError.
      reject: (error) => {
        this.#do(() => void this.#calls.refuse(call, (error as Error).message));
      },
    });
  }

  #setTimer(id: number, delayMs: number): void {
    const fire = () => {
      this.#timers.delete(id);
      this.#do(() => this.#calls.fire(id));
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

  #begun(settle: Settle): number {
    const number = this.#nextRunning++;
    this.#running.set(number, settle);
    return number;
  }

  #ended(number: number): Settle | undefined {
    const settle = this.#running.get(number);
    this.#running.delete(number);
    return settle;
  }

  /** Calls into the realm.
   *
   * @throws The value that the realm threw, as a value of this realm. */
  #do(call: () => string | void): void {
    const thrown = this.#text(() => call() ?? "");
    if (thrown !== "") throw this.#thrown(thrown);
  }

  /** Calls into the realm for a text. Everything else that comes out is thrown away. */
  #text(call: () => unknown): string {
    try {
      const text = call();
      return typeof text === "string" ? text : STACK_FULL;
    } catch {
      return STACK_FULL;
    }
  }

  #thrown(text: string): unknown {
    return fromThrown(JSON.parse(text) as ThrownText, this.#context.bundle);
  }

  #expectLoaded(text: string): void {
    if (text === "") return;
    const { kind, name, message, stack } = JSON.parse(text) as ThrownText;
    const what = kind === "value" ? message : `${name}: ${message}`;
    const failure = new SubmissionError(
      `${this.#context.module}.ts threw while it was loaded: ${what}`,
    );
    failure.stack = originalStack(stack, this.#context.bundle);
    throw failure;
  }
}
