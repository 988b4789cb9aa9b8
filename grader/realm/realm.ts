/**
 * A realm of its own for one server or one clerk of one run: a context of V8 in this process,
 * which has the language and nothing else.
 *
 * Only text crosses. The functions that a realm gets from its host take and return strings,
 * numbers and booleans, and the prelude keeps them to itself; what a realm throws is not
 * looked at here. Not isolated: time, and the order of events.
 *
 * @module
 */

import type { RealmContext, RunCalls } from "./context.ts";
import type { RealmCalls, ThrownText } from "./inside/boundary.ts";

/** The outcome of a call into a realm that throws all the same. */
const BROKEN: ThrownText = {
  kind: "error",
  name: "RangeError",
  message: "Maximum call stack size exceeded",
  stack: "",
};

/** A text that a realm returns for what was thrown. */
export class RealmThrew extends Error {
  /** @param thrown What it was. */
  constructor(readonly thrown: ThrownText) {
    super(thrown.message);
  }
}

/** A realm that has loaded one of the two modules of a submission. */
export class Realm {
  readonly #calls: RealmCalls;
  #loaded: string | undefined;

  /** Makes a realm.
   *
   * @param context Where it is; no other realm may be there at the same time.
   * @param host Answers its calls.
   * @throws {RealmThrew} The module threw.
   */
  constructor(context: RealmContext, host: Omit<RunCalls, "loaded">) {
    this.#calls = context.calls;
    const loaded = (thrown: string) => void (this.#loaded = thrown);
    context.begin({ ...host, loaded });
    this.#expectNothing(this.#attempt(() => this.#calls.load(context.wrapper)));
  }

  /** False while a module waits with an `await` at its top. */
  get isLoaded(): boolean {
    return this.#loaded !== undefined;
  }

  /** Throws what a module threw after it had waited.
   *
   * @throws {RealmThrew} It did. */
  expectLoaded(): void {
    this.#expectNothing(this.#loaded ?? "");
  }

  /** Makes the server of this realm.
   *
   * @returns The JSON text of a `MadeServer`.
   * @throws {RealmThrew} Its constructor threw.
   */
  makeServer(cfg: string, links: number): string {
    const made = this.#attempt(() => this.#calls.makeServer(cfg, links));
    if (!made.startsWith('{"methods":')) this.#expectNothing(made);
    return made;
  }

  /** Makes the clerk of this realm.
   *
   * @throws {RealmThrew} Its constructor threw.
   */
  makeClerk(cfg: string, links: number): void {
    this.#expectNothing(this.#attempt(() => this.#calls.makeClerk(cfg, links)));
  }

  start(operation: number, op: string, key: string, value: string): void {
    this.#run(() => this.#calls.start(operation, op, key, value));
  }

  run(run: number, method: string, args: string): void {
    this.#run(() => this.#calls.run(run, method, args));
  }

  packArgs(method: string, args: string): string {
    return this.#attempt(() => this.#calls.packArgs(method, args));
  }

  receive(call: number, reply: string): void {
    this.#run(() => this.#calls.receive(call, reply));
  }

  timeOut(call: number, request: string, link: string): void {
    this.#run(() => this.#calls.timeOut(call, request, link));
  }

  refuse(call: number, message: string): void {
    this.#run(() => this.#calls.refuse(call, message));
  }

  /** Fires a timer.
   *
   * @throws {RealmThrew} Its action threw.
   */
  fire(id: number): void {
    this.#expectNothing(this.#attempt(() => this.#calls.fire(id)));
  }

  /** Calls into the realm. What comes out is text, or is thrown away. */
  #attempt(call: () => unknown): string {
    let text: unknown;
    try {
      text = call();
    } catch {
      text = undefined;
    }
    return typeof text === "string" ? text : JSON.stringify(BROKEN);
  }

  #run(call: () => void): void {
    try {
      call();
    } catch {
      throw new RealmThrew(BROKEN);
    }
  }

  #expectNothing(text: string): void {
    if (text !== "") throw new RealmThrew(JSON.parse(text) as ThrownText);
  }
}
