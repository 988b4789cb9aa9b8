/**
 * Takes the steps of a schedule on a cluster, each after the steps that it follows.
 *
 * @module
 */

import type { Config } from "../../config.ts";
import type { TestClerk } from "../../testing/cluster.ts";
import { type Pending, startAppend, startGet, startPut } from "../../testing/pending.ts";
import type { Judge } from "./judge.ts";
import {
  type Delivery,
  isOperation,
  type OperationStep,
  type Schedule,
  type Step,
} from "./schedule.ts";

/** The time limit of an operation that a server can serve, in virtual milliseconds, as in the tests. */
const SERVED_WITHIN_MS = 60_000;
/** The time for which operations that no server can serve have to wait, in virtual milliseconds. */
const WAITING_MS = 2000;

/** A step that was taken. */
export interface Taken {
  /** Its index in the schedule. */
  readonly place: number;
  /** The time at which it was taken, in virtual milliseconds. */
  readonly atMs: number;
  readonly isOperation: boolean;
}

/** Hooks that decide when a performance ends, and the delivery of other requests. */
export interface Stage {
  /** Waits until it ends; if absent, it ends with the steps, or with the first violation. */
  until?(config: Config): Promise<void>;
  /** The delivery of requests that the schedule does not mention. */
  unplanned?: Delivery;
  /** Called when it ends. Later events are no part of it. */
  over?(): void;
  /** The time limit of an operation that a server can serve, in virtual milliseconds, instead of the
   * usual one. */
  patienceMs?: number | undefined;
}

/** One performance of a schedule. */
export class Play {
  readonly #cfg: Config;
  readonly #judge: Judge;
  readonly #schedule: Schedule;
  readonly #stage: Stage;
  readonly #onTake: (step: Step, place: number) => void;
  readonly #clerks: TestClerk[] = [];
  readonly #end = Promise.withResolvers<void>();
  #isOver = false;
  /** The number of steps that wait for their time. */
  #timed = 0;
  /** The number of steps and returns, which shows if nothing happens. */
  #happened = 0;

  /** @param onTake Called before each step is taken, with its place. */
  constructor(
    cfg: Config,
    judge: Judge,
    schedule: Schedule,
    onTake: (step: Step, place: number) => void,
    stage: Stage = {},
  ) {
    this.#cfg = cfg;
    this.#judge = judge;
    this.#schedule = schedule;
    this.#stage = stage;
    this.#onTake = onTake;
  }

  /** Takes all steps, and waits until the performance ends.
   *
   * @throws {LabFailure} The run failed. */
  async untilOver(): Promise<void> {
    const { until } = this.#stage;
    void this.#takeAll().then(() => this.#finish());
    if (until !== undefined) {
      await Promise.race([this.#end.promise, until(this.#cfg)]);
      this.#isOver = true;
      return;
    }
    for (let isReleased = false; !this.#isOver;) {
      const happened = this.#happened;
      await Promise.race([this.#end.promise, this.#pause()]);
      if (this.#isOver) break;
      if (happened !== this.#happened) continue;
      this.#judge.timedOut();
      if (this.#judge.hasFailed || isReleased) return;
      if (this.#timed > 0) continue;
      // Now the operations that had to wait can return.
      isReleased = true;
      for (const server of [...this.#judge.down]) this.#setServer(server, true);
    }
    await this.#end.promise;
  }

  /** Waits for the longest time in which nothing may happen. */
  #pause(): Promise<void> {
    const { patienceMs } = this.#stage;
    const { nservers, steps } = this.#schedule;
    const isAlwaysServed = nservers === 1 && !steps.some((step) => "stop" in step);
    // The simulation notices if the only server never answers.
    if (isAlwaysServed && patienceMs === undefined) return this.#end.promise;
    const isLong = this.#judge.isOneServed || this.#timed > 0;
    return this.#cfg.sleep(isLong ? patienceMs ?? SERVED_WITHIN_MS : WAITING_MS);
  }

  /** Takes all steps, those that begin at the same time in the order of the schedule. */
  async #takeAll(): Promise<void> {
    const { steps } = this.#schedule;
    const done: Promise<void>[] = [];
    const last = new Map(
      steps.flatMap((step, place) => isOperation(step) ? [[step.clerk, place] as const] : []),
    );
    const before = new Map<number, number>();
    for (const [place, step] of steps.entries()) {
      const places = new Set(step.after);
      if (isOperation(step)) {
        if (before.has(step.clerk)) places.add(before.get(step.clerk)!);
        before.set(step.clerk, place);
      }
      const isLast = isOperation(step) && last.get(step.clerk) === place;
      done.push(this.#takeAfter([...places].map((other) => done[other]!), step, place, isLast));
    }
    await Promise.all(done);
  }

  /** Takes a step after others, and waits until it is done.
   *
   * @param isLast True if it is the last of its clerk. */
  async #takeAfter(
    before: readonly Promise<void>[],
    step: Step,
    place: number,
    isLast: boolean,
  ): Promise<void> {
    const { waitMs = 0, after } = step;
    try {
      const all = after === undefined && waitMs > 0 ? [...before, this.#wait(waitMs)] : before;
      // The first steps begin with the run.
      if (all.length > 0) await Promise.all(all);
      if (after !== undefined && waitMs > 0) await this.#wait(waitMs);
      if (this.#isOver) return;
      this.#happened++;
      this.#onTake(step, place);
      if (isOperation(step)) await this.#operate(step, isLast);
      else if ("stop" in step) this.#setServer(step.stop, false);
      else this.#setServer(step.start, true);
    } catch (error) {
      this.#isOver = true;
      this.#end.reject(error);
    }
  }

  async #wait(delayMs: number): Promise<void> {
    this.#timed++;
    await this.#cfg.sleep(delayMs);
    this.#timed--;
  }

  async #operate(step: OperationStep, isLast: boolean): Promise<void> {
    while (this.#clerks.length <= step.clerk) this.#clerks.push(this.#cfg.makeClient());
    const clerk = this.#clerks[step.clerk]!;
    const pending = start(clerk, step);
    const returned = this.#judge.called(pending);
    const result = await pending.result;
    if (this.#isOver) return;
    this.#happened++;
    returned(result);
    // The tests do the same.
    if (isLast && !this.#schedule.lasting?.includes(clerk.id)) this.#cfg.deleteClient(clerk);
    if (this.#judge.hasFailed) this.#finish();
  }

  #setServer(server: number, isUp: boolean): void {
    if (this.#judge.down.has(server) !== isUp) return;
    this.#judge.setServer(server, isUp);
    if (isUp) this.#cfg.startServer(server);
    else this.#cfg.stopServer(server);
  }

  #finish(): void {
    if (this.#stage.until !== undefined) return;
    this.#isOver = true;
    this.#end.resolve();
  }
}

function start(clerk: TestClerk, { op, key, value }: OperationStep): Pending {
  if (op === "get") return startGet(clerk, key);
  return op === "put" ? startPut(clerk, key, value!) : startAppend(clerk, key, value!);
}
