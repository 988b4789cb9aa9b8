/**
 * Takes the steps of a schedule on a cluster, each when what it follows has happened.
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

/** The time limit of an operation that a server can serve, in milliseconds, as in the tests. */
const SERVED_WITHIN_MS = 60_000;
/** The time for which operations that no server can serve are watched, in milliseconds. */
const WAITING_MS = 2000;

/** A step that was taken. */
export interface Taken {
  /** Its index in the schedule. */
  readonly place: number;
  /** The time at which it was taken, in virtual milliseconds. */
  readonly atMs: number;
  readonly isOperation: boolean;
}

/** A step, and what it waits for. */
interface Plan {
  readonly step: Step;
  readonly place: number;
  /** The number of conditions that are not met yet: operations that must return first, and its
   * time. */
  missing: number;
}

/** Hooks that decide when a performance ends, and what becomes of other requests. */
export interface Stage {
  /** Waits for the time at which it ends; if absent, it ends with the steps, or with the first
   * violation. */
  until?(config: Config): Promise<void>;
  /** The delivery of requests that the schedule does not mention. */
  unplanned?: Delivery;
  /** Called when it ends. What happens later is no part of it. */
  over?(): void;
  /** The time limit of an operation that a server can serve, in milliseconds, if it is not the
   * usual one. */
  patienceMs?: number | undefined;
}

/** One performance of a schedule. */
export class Play {
  readonly #cfg: Config;
  readonly #judge: Judge;
  readonly #stage: Stage | undefined;
  readonly #onTake: (step: Step, place: number) => void;
  readonly #lasting: ReadonlySet<number>;
  /** True if there is one server, which never stops. */
  readonly #isAlwaysServed: boolean;
  readonly #plans: readonly Plan[];
  /** The plans that follow each operation, by its place. */
  readonly #followers: readonly Plan[][];
  /** The number of operations of each clerk that have not returned. */
  readonly #left = new Map<number, number>();
  readonly #clerks: TestClerk[] = [];
  readonly #end = Promise.withResolvers<void>();
  #isOver = false;
  /** The number of steps that were not taken, or are operations that have not returned. */
  #unfinished: number;
  /** The number of steps that wait for their time. */
  #timed = 0;
  /** Counts what happens, to notice when nothing does. */
  #happened = 0;

  /** @param onTake Called before each step is taken, with its place.
   * @param stage Says when it ends. */
  constructor(
    cfg: Config,
    judge: Judge,
    { steps, nservers, lasting }: Schedule,
    onTake: (step: Step, place: number) => void,
    stage?: Stage,
  ) {
    this.#cfg = cfg;
    this.#judge = judge;
    this.#stage = stage;
    this.#onTake = onTake;
    this.#lasting = new Set(lasting);
    this.#isAlwaysServed = nservers === 1 && !steps.some((step) => "stop" in step);
    this.#unfinished = steps.length;
    this.#followers = steps.map(() => []);
    const last = new Map<number, number>();
    this.#plans = steps.map((step, place) => {
      const after = new Set(step.after);
      if (isOperation(step)) {
        const { clerk } = step;
        if (last.has(clerk)) after.add(last.get(clerk)!);
        last.set(clerk, place);
        this.#left.set(clerk, (this.#left.get(clerk) ?? 0) + 1);
      }
      const plan = { step, place, missing: after.size };
      for (const place of after) this.#followers[place]!.push(plan);
      return plan;
    });
  }

  /** Takes all steps, until nothing more comes of them.
   *
   * @throws {LabFailure} The run failed. */
  async untilOver(): Promise<void> {
    const begun = this.#plans.filter(({ missing }) => missing === 0);
    // All at once, so that what begins at the same time begins in the order of the schedule.
    for (const plan of this.#plans) this.#awaitTime(plan);
    for (const plan of begun) if (plan.missing === 0) this.#take(plan);
    if (this.#stage?.until !== undefined) {
      await Promise.race([this.#end.promise, this.#stage.until(this.#cfg)]);
      this.#isOver = true;
      return;
    }
    this.#check();
    for (let isReleased = false; !this.#isOver;) {
      const happened = this.#happened;
      await Promise.race([this.#end.promise, this.#pause()]);
      if (this.#isOver) break;
      if (happened !== this.#happened) continue;
      this.#judge.timedOut();
      if (this.#judge.hasFailed || isReleased) return;
      if (this.#timed > 0) continue;
      // The operations that had to wait can return now.
      isReleased = true;
      for (const server of [...this.#judge.down]) this.#setServer(server, true);
    }
    await this.#end.promise;
  }

  /** Waits for as long as nothing may happen. */
  #pause(): Promise<void> {
    // Nothing but its mistakes keeps the one server from answering, which the simulation finds
    // out.
    const { patienceMs } = this.#stage ?? {};
    if (this.#isAlwaysServed && patienceMs === undefined) return this.#end.promise;
    const isLong = this.#judge.isOneServed || this.#timed > 0;
    return this.#cfg.sleep(isLong ? patienceMs ?? SERVED_WITHIN_MS : WAITING_MS);
  }

  /** Waits for the time of a step that begins at a time of the run. */
  #awaitTime(plan: Plan): void {
    const { waitMs = 0, after } = plan.step;
    if (after !== undefined || waitMs === 0) return;
    plan.missing++;
    this.#wait(waitMs, () => {
      if (--plan.missing === 0) this.#take(plan);
    });
  }

  #wait(delayMs: number, next: () => void): void {
    this.#timed++;
    this.#follow(this.#cfg.sleep(delayMs), () => {
      this.#timed--;
      next();
    });
  }

  #take({ step, place }: Plan): void {
    if (this.#isOver) return;
    this.#happened++;
    this.#onTake(step, place);
    if (!isOperation(step)) {
      if ("stop" in step) this.#setServer(step.stop, false);
      else this.#setServer(step.start, true);
      this.#unfinished--;
      return this.#check();
    }
    while (this.#clerks.length <= step.clerk) this.#clerks.push(this.#cfg.makeClient());
    const clerk = this.#clerks[step.clerk]!;
    const pending = start(clerk, step);
    const returned = this.#judge.called(pending);
    this.#follow(pending.result, (result) => {
      this.#happened++;
      this.#unfinished--;
      returned(result);
      this.#retire(clerk);
      for (const plan of this.#followers[place]!) {
        if (--plan.missing > 0) continue;
        const { waitMs = 0, after } = plan.step;
        if (after === undefined || waitMs === 0) this.#take(plan);
        else this.#wait(waitMs, () => this.#take(plan));
      }
      this.#check();
    });
  }

  /** Takes a clerk away that has nothing left to do, as the tests do. */
  #retire(clerk: TestClerk): void {
    const left = this.#left.get(clerk.id)! - 1;
    this.#left.set(clerk.id, left);
    if (left === 0 && !this.#lasting.has(clerk.id)) this.#cfg.deleteClient(clerk);
  }

  #setServer(server: number, isUp: boolean): void {
    if (this.#judge.down.has(server) !== isUp) return;
    this.#judge.setServer(server, isUp);
    if (isUp) this.#cfg.startServer(server);
    else this.#cfg.stopServer(server);
  }

  #check(): void {
    const isDone = this.#unfinished === 0 || this.#judge.hasFailed;
    if (!isDone || this.#stage?.until !== undefined) return;
    this.#isOver = true;
    this.#end.resolve();
  }

  /** Goes on after a promise, or ends the run with its error. */
  #follow<T>(promise: Promise<T>, next: (value: T) => void): void {
    promise.then((value) => {
      if (!this.#isOver) next(value);
    }).catch((error) => {
      this.#isOver = true;
      this.#end.reject(error);
    });
  }
}

function start(clerk: TestClerk, { op, key, value }: OperationStep): Pending {
  if (op === "get") return startGet(clerk, key);
  return op === "put" ? startPut(clerk, key, value!) : startAppend(clerk, key, value!);
}
