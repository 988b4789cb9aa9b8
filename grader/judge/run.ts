/**
 * Judges a submission: runs the tests on it in a process of the judge, and keeps what it
 * says as it says it.
 *
 * A test that goes beyond a limit is lost, and the process with it; the tests after it run
 * in a new process, and those before it keep their results. If a process ends for a reason
 * that is not the submission's, it is tried once more. If that ends the same way, the
 * submission is not graded: {@linkcode NotGradedError} is no verdict on it.
 *
 * @module
 */

import { PlainError } from "../../sim/mod.ts";
import type { Measured } from "../../testing/requirements.ts";
import type { Entry } from "../../explore/recording/recording.ts";
import type { Bundle } from "../realm/bundle.ts";
import { type Limits, limitsFor } from "./limits.ts";
import { type ProcessEnd, runProcess } from "./process.ts";
import type { JudgeLine } from "./protocol.ts";
import { crashedTest, type EndedTest, endedTest, silentTest, unloaded } from "./verdicts.ts";
import type { Excess } from "./watch.ts";

/** The result of one test. */
export interface JudgedTest {
  /** Its name up to the colon, and the rest of it. */
  name: string;
  title: string;
  passed: boolean;
  /** With how many seeds it ran, the one that failed included. */
  seedsRun: number;
  failedSeed: number | null;
  /** The whole report of its failure, the hint included; `null` if it passed. */
  message: string | null;
  /** The limit that it went beyond, if that is why it failed. */
  excess: Excess | "heap" | "crash" | null;
  /** The time that it took, in real milliseconds. */
  durationMs: number;
  /** The digest of the run with each seed; empty for one that did not come to its end. */
  digests: string[];
}

/** The results of a submission. */
export interface Judgement {
  /** In the order in which they were asked for. */
  tests: JudgedTest[];
  /** Notes for the instructor. */
  notes: string[];
  /** The text that the submission printed, up to a limit. */
  printed: string;
  /** The requirements, if they were among the tests and could be measured. */
  measured?: Measured;
}

/** The options of a judgement. */
export interface JudgeOptions {
  /** The names of the tests, up to the colon. */
  tests: readonly string[];
  seeds: readonly number[];
  limits?: Partial<Limits>;
  /** Ends it early. */
  signal?: AbortSignal;
  /** Receives each result as soon as it is known. */
  onTest?: (test: JudgedTest) => Promise<void> | void;
}

/** The reason that nothing can be said of a submission: this machine, not its code. */
export class NotGradedError extends PlainError {
  override readonly name = "NotGradedError";
}

/** The number of times that a process is started in vain before it is given up. */
const TRIES = 2;

/** The signals that say nothing about the program that they end: somebody else sends them,
 * among them the system when its memory is full. */
export const FROM_OUTSIDE: readonly Deno.Signal[] = [
  "SIGKILL",
  "SIGTERM",
  "SIGINT",
  "SIGHUP",
  "SIGQUIT",
];

/** Judges a submission.
 *
 * @param bundle What `bundleSubmission()` made of it.
 * @throws {NotGradedError} This machine could not run the tests.
 * @throws {DOMException} The signal ended it.
 */
export async function judge(
  bundle: Bundle,
  { tests, seeds, limits, signal, onTest }: JudgeOptions,
): Promise<Judgement> {
  const judging = new Judging(
    bundle,
    tests,
    seeds,
    { ...limitsFor(seeds.length), ...limits },
    signal,
  );
  let told = 0;
  const tell = async () => {
    for (; told < judging.results.length; told++) await onTest?.(judging.results[told]!);
  };
  await judging.run(tell);
  return judging.judgement();
}

/** The test that is running, as far as it is known. */
interface Current {
  name: string;
  title: string;
  seed: number;
  digests: string[];
  startMs: number;
}

class Judging {
  readonly results: JudgedTest[] = [];
  readonly #notes = new Set<string>();
  readonly #bundle: Bundle;
  readonly #seeds: readonly number[];
  readonly #limits: Limits;
  readonly #signal: AbortSignal | undefined;
  readonly #remaining: string[];
  #current: Current | undefined;
  #printed = "";
  #measured: Measured | undefined;
  #chargedMs = 0;
  #isLoaded = false;
  /** The number of processes in a row that ended without a result and without a verdict. */
  #vain = 0;
  /** The seed and the test in which the last of them ended. */
  #vainAt = "";
  #hasHung = false;

  constructor(
    bundle: Bundle,
    tests: readonly string[],
    seeds: readonly number[],
    limits: Limits,
    signal: AbortSignal | undefined,
  ) {
    this.#bundle = bundle;
    this.#remaining = [...tests];
    this.#seeds = seeds;
    this.#limits = limits;
    this.#signal = signal;
  }

  judgement(): Judgement {
    return {
      tests: this.results,
      notes: [...this.#notes],
      printed: this.#printed,
      ...this.#measured && { measured: this.#measured },
    };
  }

  /** Runs all tests.
   *
   * @param onResult Called once there are new results. */
  async run(onResult: () => Promise<void>): Promise<void> {
    while (this.#remaining.length > 0) {
      const before = this.results.length;
      let telling = Promise.resolve();
      this.#isLoaded = false;
      const { end, chargedMs } = await runProcess(
        this.#job(this.#remaining, this.#seeds, false),
        this.#processLimits(),
        (line) => {
          this.#hear(line);
          if (this.results.length > before) telling = telling.then(onResult);
        },
        this.#signal,
      );
      this.#chargedMs += chargedMs;
      this.#signal?.throwIfAborted();
      await this.#finish(end);
      await telling.then(onResult);
    }
  }

  #job(tests: readonly string[], seeds: readonly number[], findsLoop: boolean) {
    const printedLengthMax = Math.max(0, this.#limits.printedLengthMax - this.#printed.length);
    return {
      bundle: this.#bundle,
      tests: [...tests],
      seeds: [...seeds],
      findsLoop,
      printedLengthMax: findsLoop ? 0 : printedLengthMax,
    };
  }

  #processLimits() {
    const { submissionMsMax, silentMsMax, silentAgainMsMax } = this.#limits;
    return {
      ...this.#limits,
      silentMsMax: this.#hasHung ? silentAgainMsMax : silentMsMax,
      msMax: submissionMsMax - this.#chargedMs,
    };
  }

  #hear(line: JudgeLine): void {
    switch (line.kind) {
      case "started": {
        const { test: name, title, seed } = line;
        if (this.#current?.name === name) this.#current.seed = seed;
        else {
          const startMs = performance.now();
          this.#current = { name, title, seed, digests: [], startMs };
        }
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
        if (this.#current!.digests.length === this.#seeds.length) this.#add({ passed: true });
        break;
      case "failed":
        this.#current!.digests.push(line.digest);
        this.#add({ passed: false, message: line.message });
        break;
      case "measured":
        this.#measured = line.measured;
        break;
      case "unloadable":
        this.#loseRest({ message: `The submission cannot be loaded: ${line.message}`, hint: null });
        break;
      case "printed":
        this.#printed += line.text;
        if (line.isCut) {
          this.#notes.add(
            `The printed text was cut after ${this.#limits.printedLengthMax} characters`,
          );
        }
    }
  }

  /** Adds the result of the test that is running. */
  #add(
    { passed, message = null, excess = null }:
      & Pick<JudgedTest, "passed">
      & Partial<Pick<JudgedTest, "message" | "excess">>,
  ): void {
    const { name, title, seed, digests, startMs } = this.#current!;
    const isUnended = excess !== null;
    this.results.push({
      name,
      title,
      passed,
      seedsRun: digests.length + (isUnended ? 1 : 0),
      failedSeed: passed ? null : seed,
      message,
      excess,
      durationMs: performance.now() - startMs,
      digests,
    });
    this.#remaining.splice(this.#remaining.indexOf(name), 1);
    this.#current = undefined;
    this.#vain = 0;
  }

  /** Adds a result for each test that is left. */
  #loseRest({ message, hint }: EndedTest, excess: JudgedTest["excess"] = null): void {
    for (const name of this.#remaining.splice(0)) {
      this.results.push({
        ...{ name, title: "", passed: false, seedsRun: 0, failedSeed: null },
        ...{
          message: withHint({ message, hint }),
          excess,
          durationMs: 0,
          digests: [],
        },
      });
    }
  }

  /** Draws the consequences of the end of a process. */
  async #finish(end: ProcessEnd): Promise<void> {
    if (end.how === "died") return this.#retry(end.reason, end.signal);
    if (end.how === "done") {
      if (this.#remaining.length > 0) this.#retry("it ended before its last test");
      return;
    }
    if (end.how === "aborted") return;
    const excess = end.how === "heap full" ? "heap" : end.excess;
    if (excess === "start") return this.#retry("the lab was not loaded within a minute");
    const current = this.#current;
    if (!this.#isLoaded) return this.#loseRest(unloaded(excess, this.#limits), excess);
    if (current === undefined) return this.#retry("it went beyond a limit between two tests");
    const { name, seed } = current;
    const ended = excess === "silent"
      ? await this.#silent(name, seed)
      : endedTest(name, seed, excess, this.#limits);
    this.#signal?.throwIfAborted();
    this.#current = current;
    this.#add({ passed: false, message: withHint(ended), excess });
    if (excess !== "submission") return;
    const seconds = this.#limits.submissionMsMax / 1000;
    const message = `Not run: the tests before it took more than ${seconds} s`;
    this.#loseRest({ message, hint: null }, excess);
  }

  /** Runs a seed that never yields once more, and looks at what happens before.
   *
   * @returns What is to be said of it. */
  async #silent(test: string, seed: number): Promise<EndedTest> {
    this.#hasHung = true;
    const entries: Entry[] = [];
    let loop: { place?: string | undefined } | undefined;
    const { end, chargedMs } = await runProcess(
      this.#job([test], [seed], true),
      this.#processLimits(),
      (line) => {
        if (line.kind === "event") entries.push(line);
        if (line.kind === "looped") loop = line;
      },
      this.#signal,
    );
    this.#chargedMs += chargedMs;
    if (loop?.place !== undefined) return silentTest(test, entries, loop.place);
    const isSame = end.how === "stopped" && end.excess === "silent";
    return silentTest(test, isSame ? entries : undefined);
  }

  /** Decides whether to try again.
   *
   * @throws {NotGradedError} It was tried often enough, and nothing says that the
   * submission did it. */
  #retry(reason: string, signal: Deno.Signal | null = null): void {
    const current = this.#current;
    const at = current === undefined ? "" : `${current.name} ${current.seed}`;
    const isSame = at !== "" && at === this.#vainAt;
    this.#vainAt = at;
    if (++this.#vain < TRIES) {
      // The seeds of the test that was running are run again.
      this.#current = undefined;
      return;
    }
    if (!isSame || current === undefined || (signal !== null && FROM_OUTSIDE.includes(signal))) {
      throw new NotGradedError(`The process that runs the tests did not get to its end: ${reason}`);
    }
    const crashed = crashedTest(current.name, current.seed, reason);
    this.#add({ passed: false, message: withHint(crashed), excess: "crash" });
  }
}

/** The report of a test that was ended, in the form of all others. */
function withHint({ message, hint }: EndedTest): string {
  return hint === null ? message : `${message}\n  hint:      ${hint}`;
}
