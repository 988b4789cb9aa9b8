/**
 * Observes one performance: each step, and the changes in the machines after it.
 *
 * A step lasts until the next one begins. At that moment, no code of the next step has run,
 * because the network, the config and the clock report an event before the machine receives it.
 * Only the machines that ran at this virtual time are read.
 *
 * @module
 */

import type { DrawnCall } from "../../labrpc.ts";
import type { Fate } from "../../labrpc/faults.ts";
import { cutMiddle } from "../../linearizability/mod.ts";
import type { MachineTimer } from "../../sim/mod.ts";
import { carriedText, TEXT_LENGTH_MAX } from "../../explore/recording/recording.ts";
import { clerkName, endsOf } from "../../testing/names.ts";
import type { Run, RunHooks } from "../../testing/run_hooks.ts";
import type { TraceEvent } from "../../testing/trace_event.ts";
import { diff } from "../patch.ts";
import type { Shown } from "../protocol.ts";
import type { Beginning, StepRecord } from "../record.ts";
import { SeenMachines, type SubmissionModules } from "./machines.ts";
import { read, STEP_LIMITS } from "./reader.ts";

/** The limits of the output that is kept of one step. */
const PRINTED = { lines: 50, characters: 4000 };

/** The settings of an observer. */
export interface ObserverOptions {
  modules: SubmissionModules;
  /** The number of first steps that are known and not reported. */
  known: number;
  /** The number of steps after which nothing is kept any more. */
  stepsMax: number;
  /** Receives the state before the first step. */
  onBeginning(beginning: Beginning): void;
  /** Receives each step when it is over. */
  onStep(step: StepRecord): void;
  /** Called at each step when it begins. */
  onBegun?(step: StepRecord): void;
  /** Called right after a step, or with 0 at the beginning. */
  onPosition?(position: number, machines: ReadonlyMap<string, object>): void;
}

/** Observes one performance. */
export class Observer {
  readonly #options: ObserverOptions;
  readonly #machines: SeenMachines;
  readonly #objects = new Map<string, object>();
  readonly #shown = new Map<string, Shown>();
  /** The machines that ran at this virtual time. */
  readonly #active = new Set<string>();
  /** The machines that were made since the last step was over. */
  readonly #made: string[] = [];
  readonly #callers = new Map<number, { from: string; to: string }>();
  readonly #timers = new Map<MachineTimer, number>();
  /** The part of the current step that is known so far. */
  #extra: Beginning = {};
  #current: StepRecord | undefined;
  /** True from the end of a step up to the beginning of the next. */
  #isSettled = false;
  #count = 0;
  #atMs = 0;
  #timersSet = 0;
  #delivered: number | undefined;
  /** The fate of the duplicate that the network is about to make. */
  #duplicate: Fate["duplicate"];
  #run: Run | undefined;
  #isOver = false;

  constructor(options: ObserverOptions) {
    this.#options = options;
    const onMade = (machine: string, object: object) => this.#make(machine, object);
    this.#machines = new SeenMachines(options.modules, onMade, () => this.#delivered);
  }

  /** The hooks to pass to the run. */
  get hooks() {
    return {
      started: (run: Run): void => void (this.#run = run),
      listener: (event: TraceEvent, atMs: number, carried: unknown): void => {
        this.#happened(event, atMs, carried);
      },
      machines: this.#machines,
      network: { fates: (call: DrawnCall): Fate => this.#sent(call) },
      timers: {
        set: (timer: MachineTimer): void => this.#timerSet(timer),
        ran: (timer: MachineTimer): void => this.#timerRan(timer),
        cleared: (timer: MachineTimer): void => this.#timerEnded(timer),
      },
    } satisfies RunHooks;
  }

  /** The number of steps so far. */
  get count(): number {
    return this.#count;
  }

  /** The time of the last step, in virtual milliseconds. */
  get lastMs(): number {
    return this.#atMs;
  }

  /** The number of timers of machines that wait. */
  get timersWaiting(): number {
    return this.#timers.size;
  }

  /** Records output of a machine's code. */
  print(text: string): void {
    const printed = this.#extra.printed ??= [];
    if (printed.length > PRINTED.lines) return;
    const isLast = printed.length === PRINTED.lines;
    printed.push(isLast ? "…" : cutMiddle(text.slice(0, PRINTED.characters), TEXT_LENGTH_MAX));
  }

  /** Ends the last step. */
  finish(): void {
    if (this.#isOver) return;
    this.#settle();
    this.#isOver = true;
  }

  #make(machine: string, object: object): void {
    // An object that is made in this step belongs to the next one.
    if (this.#count > 0) {
      this.#settle();
      this.#made.push(machine);
    } else this.#active.add(machine);
    this.#objects.set(machine, object);
  }

  #happened(event: TraceEvent, atMs: number, carried: unknown): void {
    const step: StepRecord = { atMs, event };
    if (carried !== undefined) step.carried = carriedText(carried);
    if (event.kind === "sent") {
      const [from, to] = endsOf(event.end);
      this.#callers.set(event.message, { from, to });
      const handled = this.#machines.handled();
      if (handled !== undefined) step.handled = handled;
    } else if (event.kind === "duplicated") {
      this.#callers.set(event.message, this.#callers.get(event.original)!);
      const { requestDelayMs: requestMs, replyDelayMs: replyMs } = this.#duplicate!;
      step.travel = { requestMs, replyMs, unreachableMs: 0 };
    }
    this.#begin(step, this.#runningIn(event));
    if (event.kind === "delivered") this.#delivered = event.message;
  }

  #runningIn(event: TraceEvent): string | undefined {
    switch (event.kind) {
      case "called":
      case "returned":
      case "threw":
        return clerkName(event.client);
      case "sent":
      case "received":
      case "timed out":
        return this.#callers.get(event.message)?.from;
      case "delivered":
      case "replied":
        return this.#callers.get(event.message)?.to;
      default:
        return undefined;
    }
  }

  #sent({ drawn }: DrawnCall): Fate {
    this.#duplicate = drawn.duplicate;
    const { requestDelayMs: requestMs, replyDelayMs: replyMs, unreachableAfterMs } = drawn;
    if (this.#current?.event.kind === "sent") {
      this.#current.travel = { requestMs, replyMs, unreachableMs: unreachableAfterMs };
    }
    return drawn;
  }

  #timerSet(timer: MachineTimer): void {
    const id = this.#timersSet++;
    this.#timers.set(timer, id);
    const handled = this.#machines.handled();
    (this.#extra.timersSet ??= []).push({ id, ...timer, ...handled !== undefined && { handled } });
  }

  #timerRan(timer: MachineTimer): void {
    const { machine } = timer;
    this.#begin({ atMs: this.#run!.now(), event: { kind: "timer", machine } }, machine);
    this.#timerEnded(timer);
  }

  #timerEnded(timer: MachineTimer): void {
    const id = this.#timers.get(timer);
    if (id === undefined) return;
    this.#timers.delete(timer);
    (this.#extra.timersEnded ??= []).push(id);
  }

  /** @param machine The machine whose code runs in it. */
  #begin(step: StepRecord, machine: string | undefined): void {
    if (this.#isOver) return;
    this.#settle();
    if (step.atMs !== this.#atMs) this.#active.clear();
    for (const made of this.#made.splice(0)) this.#active.add(made);
    this.#atMs = step.atMs;
    this.#count++;
    this.#current = step;
    this.#isSettled = false;
    if (machine !== undefined) this.#active.add(machine);
    this.#options.onBegun?.(step);
    if (this.#count >= this.#options.stepsMax) this.finish();
  }

  /** Ends the current step, or the beginning. */
  #settle(): void {
    if (this.#isOver || this.#isSettled) return;
    this.#isSettled = true;
    const { known, onBeginning, onStep, onPosition } = this.#options;
    const position = this.#count;
    onPosition?.(position, this.#objects);
    if (position >= known) this.#readActive(position === known);
    const extra = this.#extra;
    this.#extra = {};
    if (position < known || (position === known && known > 0)) return;
    if (this.#current === undefined) onBeginning(extra);
    else onStep({ ...this.#current, ...extra });
  }

  #readActive(isAll: boolean): void {
    for (const machine of isAll ? this.#objects.keys() : this.#active) {
      const object = this.#objects.get(machine);
      if (object === undefined) continue;
      const before = this.#shown.get(machine);
      const after = read(object, STEP_LIMITS, before);
      const patch = diff(before, after);
      if (patch === undefined) continue;
      this.#shown.set(machine, after);
      (this.#extra.changes ??= []).push({ machine, patch });
    }
  }
}
