/**
 * Judges a submission: runs the tests in a child process, and collects each result as the
 * process writes it.
 *
 * A test that exceeds a limit fails, and its process ends with it. The tests before it keep their
 * results; the tests after it run in a new process. A process that ends for another reason is
 * started once more. If it ends again, and the submission is not the cause, the submission gets
 * no verdict but a {@linkcode NotGradedError}.
 *
 * @module
 */

import type { Entry } from "../../explore/recording/recording.ts";
import { PlainError } from "../../sim/mod.ts";
import type { Measured } from "../../testing/requirements.ts";
import type { Bundle } from "../realm/bundle.ts";
import { type Limits, limitsFor } from "./limits.ts";
import { type ProcessEnd, runProcess } from "./process.ts";
import type { JudgeLine } from "./protocol.ts";
import { excessMessage, silentMessage, unloadedMessage } from "./verdicts.ts";
import type { Excess } from "./watch.ts";

/** The result of one test. */
export interface JudgedTest {
  /** The name up to the colon, and the rest. */
  name: string;
  title: string;
  passed: boolean;
  /** The number of seeds that ran, including one that failed. */
  seedsRun: number;
  failedSeed: number | null;
  /** The failure report with its hint; `null` if the test passed. */
  message: string | null;
  /** The limit that the test exceeded, if it failed for that reason. */
  excess: Excess | "heap" | "crash" | null;
  /** The duration in real milliseconds. */
  durationMs: number;
  /** The digest of the run with each seed; "" for a run that did not end. */
  digests: string[];
}

/** The results of a submission. */
export interface Judgement {
  /** In the order of {@linkcode JudgeOptions.tests}. */
  tests: JudgedTest[];
  /** Notes for the instructor. */
  notes: string[];
  /** The text that the submission printed, up to a limit. */
  printed: string;
  /** The measured requirements, if they were among the tests and could be measured. */
  measured?: Measured;
}

/** The options of a judgement. */
export interface JudgeOptions {
  /** The names of the tests, up to the colon. */
  tests: readonly string[];
  seeds: readonly number[];
  limits?: Partial<Limits>;
  /** Ends the judgement early. */
  signal?: AbortSignal;
  /** Receives each result when it is known. */
  onTest?: (test: JudgedTest) => Promise<void> | void;
}

/** This machine failed, so that nothing can be said about the submission. */
export class NotGradedError extends PlainError {
  override readonly name = "NotGradedError";
}

/** The number of processes in a row that may end without a result. */
const TRIES = 2;

/** Signals that say nothing about the process that they end: others send them, among them the
 * system when its memory is full. */
export const EXTERNAL_SIGNALS: readonly Deno.Signal[] = [
  "SIGKILL",
  "SIGTERM",
  "SIGINT",
  "SIGHUP",
  "SIGQUIT",
];

/** Judges a submission.
 *
 * @param bundle The submission.
 * @throws {NotGradedError} This machine could not run the tests.
 * @throws {DOMException} The signal ended the judgement.
 */
export async function judge(bundle: Bundle, options: JudgeOptions): Promise<Judgement> {
  return await new Judging(bundle, options).run();
}

/** The test that is running. */
interface Current {
  readonly name: string;
  readonly title: string;
  seed: number;
  digests: string[];
  readonly startMs: number;
}

class Judging {
  readonly #bundle: Bundle;
  readonly #options: JudgeOptions;
  readonly #limits: Limits;
  readonly #remaining: string[];
  readonly #results: JudgedTest[] = [];
  readonly #notes = new Set<string>();
  #printed = "";
  #measured: Measured | undefined;
  #current: Current | undefined;
  #chargedMs = 0;
  #isLoaded = false;
  /** True once a test has never yielded. */
  #hasHung = false;
  /** The number of processes in a row that ended without a result and without a verdict. */
  #failures = 0;
  /** The test and the seed at which the last of them ended. */
  #failedAt = "";

  constructor(bundle: Bundle, options: JudgeOptions) {
    this.#bundle = bundle;
    this.#options = options;
    this.#limits = { ...limitsFor(options.seeds.length), ...options.limits };
    this.#remaining = [...options.tests];
  }

  /** Runs all tests. */
  async run(): Promise<Judgement> {
    const { seeds, onTest } = this.#options;
    let reported = 0;
    let reporting = Promise.resolve();
    const report = () => {
      for (const result of this.#results.slice(reported)) {
        reported++;
        reporting = reporting.then(() => onTest?.(result));
      }
    };
    while (this.#remaining.length > 0) {
      this.#isLoaded = false;
      const end = await this.#runProcess(this.#remaining, seeds, false, (line) => {
        this.#hear(line);
        report();
      });
      await this.#finish(end);
      report();
      await reporting;
    }
    return {
      tests: this.#results,
      notes: [...this.#notes],
      printed: this.#printed,
      ...this.#measured && { measured: this.#measured },
    };
  }

  async #runProcess(
    tests: readonly string[],
    seeds: readonly number[],
    findsLoop: boolean,
    onLine: (line: JudgeLine) => void,
  ): Promise<ProcessEnd> {
    const { submissionMsMax, silentMsMax, silentAgainMsMax, printedLengthMax } = this.#limits;
    const job = {
      bundle: this.#bundle,
      tests,
      seeds,
      findsLoop,
      printedLengthMax: findsLoop ? 0 : Math.max(0, printedLengthMax - this.#printed.length),
    };
    const limits = {
      ...this.#limits,
      silentMsMax: this.#hasHung ? silentAgainMsMax : silentMsMax,
      msMax: submissionMsMax - this.#chargedMs,
    };
    const { signal } = this.#options;
    const { end, chargedMs } = await runProcess(job, limits, onLine, signal);
    this.#chargedMs += chargedMs;
    signal?.throwIfAborted();
    return end;
  }

  #hear(line: JudgeLine): void {
    switch (line.kind) {
      case "started": {
        const { test: name, title, seed } = line;
        if (this.#current?.name === name) this.#current.seed = seed;
        else this.#current = { name, title, seed, digests: [], startMs: performance.now() };
        break;
      }
      case "loaded":
        this.#isLoaded = true;
        break;
      case "again":
        this.#current!.digests = [];
        break;
      case "passed":
        this.#current!.digests.push(line.digest);
        if (this.#current!.digests.length === this.#options.seeds.length) this.#add(null);
        break;
      case "failed":
        this.#current!.digests.push(line.digest);
        this.#add(line.message);
        break;
      case "measured":
        this.#measured = line.measured;
        break;
      case "unloadable":
        this.#failRest(`The submission cannot be loaded: ${line.message}`);
        break;
      case "printed":
        this.#printed += line.text;
        if (line.isCut) {
          const { printedLengthMax } = this.#limits;
          this.#notes.add(`The printed text was cut after ${printedLengthMax} characters`);
        }
    }
  }

  /** Adds the result of the test that is running.
   *
   * @param message Its failure report; `null` if it passed. */
  #add(message: string | null, excess: JudgedTest["excess"] = null): void {
    const { name, title, seed, digests, startMs } = this.#current!;
    this.#results.push({
      name,
      title,
      passed: message === null,
      seedsRun: digests.length + (excess === null ? 0 : 1),
      failedSeed: message === null ? null : seed,
      message,
      excess,
      durationMs: performance.now() - startMs,
      digests,
    });
    this.#remaining.splice(this.#remaining.indexOf(name), 1);
    this.#current = undefined;
    this.#failures = 0;
  }

  /** Fails every test that has not run. */
  #failRest(message: string, excess: JudgedTest["excess"] = null): void {
    const notRun = { title: "", passed: false, seedsRun: 0, failedSeed: null, durationMs: 0 };
    for (const name of this.#remaining.splice(0)) {
      this.#results.push({ ...notRun, name, message, excess, digests: [] });
    }
  }

  /** Gives a verdict on the test in which a process ended, or decides to try again. */
  async #finish(end: ProcessEnd): Promise<void> {
    if (end.how === "died") return this.#retry(end.reason, end.signal);
    if (end.how === "done") {
      if (this.#remaining.length > 0) this.#retry("it ended before its last test");
      return;
    }
    if (end.how === "aborted") return;
    const excess = end.how === "heap full" ? "heap" : end.excess;
    if (excess === "start") return this.#retry("the lab was not loaded within a minute");
    if (!this.#isLoaded) return this.#failRest(unloadedMessage(excess, this.#limits), excess);
    if (this.#current === undefined) return this.#retry("it exceeded a limit between two tests");
    const { name, seed } = this.#current;
    const message = excess === "silent"
      ? await this.#silentMessage(name, seed)
      : excessMessage(name, seed, excess, this.#limits);
    this.#add(message, excess);
    if (excess !== "submission") return;
    const seconds = this.#limits.submissionMsMax / 1000;
    this.#failRest(`Not run: the tests before it took more than ${seconds} s`, excess);
  }

  /** Repeats a run that never yields, to find the loop and the events before it. */
  async #silentMessage(test: string, seed: number): Promise<string> {
    this.#hasHung = true;
    const entries: Entry[] = [];
    let place: string | undefined;
    const end = await this.#runProcess([test], [seed], true, (line) => {
      if (line.kind === "event") entries.push(line);
      if (line.kind === "looped") place = line.place;
    });
    const isSame = end.how === "stopped" && end.excess === "silent";
    return silentMessage(test, place !== undefined || isSame ? entries : undefined, place);
  }

  /** Tries again after a process that ended without a verdict.
   *
   * @throws {NotGradedError} It was tried often enough, and the submission is not known to be
   * the cause. */
  #retry(reason: string, signal: Deno.Signal | null = null): void {
    const current = this.#current;
    const at = current === undefined ? "" : `${current.name} ${current.seed}`;
    const isSame = at !== "" && at === this.#failedAt;
    this.#failedAt = at;
    if (++this.#failures < TRIES) {
      // The new process runs all seeds of the test again.
      this.#current = undefined;
      return;
    }
    if (
      !isSame || current === undefined || (signal !== null && EXTERNAL_SIGNALS.includes(signal))
    ) {
      throw new NotGradedError(`The process that runs the tests ended too early: ${reason}`);
    }
    const { name, seed } = current;
    this.#add(`${name} crashed the process, twice, with seed ${seed}: ${reason}`, "crash");
  }
}
