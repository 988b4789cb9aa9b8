/**
 * The judge: a process without permissions that runs the tests on one submission.
 *
 * It reads one {@linkcode Job} from its standard input, and writes a {@linkcode JudgeLine} to its
 * standard output for each event. The submission runs only in other realms, so that nothing but
 * this module writes these lines. The parent process decides when the judge ends.
 *
 * @module
 */

import type { Run, RunHooks } from "../../config.ts";
import { LabFailure, shortName } from "../../testing/failure_report.ts";
import { type LabTest, labTests } from "../../testing/lab_tests.ts";
import type { Machines } from "../../testing/machines.ts";
import { RealmFactory, type RunSeries } from "../realm/machines.ts";
import { LoopFinder } from "./loop_finder.ts";
import { PrintedText } from "./printed_text.ts";
import type { Job, JudgeLine } from "./protocol.ts";
import { requirementsTest } from "./requirements.ts";

/** The time between two signs of life, in real milliseconds. */
const ALIVE_EVERY_MS = 250;

/** The limit of one turn of the event loop while the judge looks for a loop, in real
 * milliseconds. */
const LOOP_MS_MAX = 500;

const encoder = new TextEncoder();

function write(line: JudgeLine): void {
  let rest = encoder.encode(`${JSON.stringify(line)}\n`);
  while (rest.length > 0) rest = rest.subarray(Deno.stdout.writeSync(rest));
}

/** The outcome of one seed of one test. */
interface Outcome {
  readonly test: string;
  readonly seed: number;
  readonly passed: boolean;
  readonly digest: string;
  /** The failure report; "" if the seed passed. */
  readonly message: string;
}

/** Runs the tests of a job on one submission. */
class Runner {
  readonly factory: RealmFactory;
  readonly #job: Job;
  readonly #printed: PrintedText;
  /** Settled once the place of a loop is written. */
  #writing: Promise<void> | undefined;
  /** True while a run is repeated, whose text was printed before. */
  #isRepeating = false;

  constructor(job: Job) {
    this.#job = job;
    this.#printed = new PrintedText(job.printedLengthMax, (text, isCut) => {
      write({ kind: "printed", text, isCut });
    });
    const print = (line: string) => this.#isRepeating || this.#printed.print(line);
    this.factory = new RealmFactory(job.bundle, { print });
  }

  /** Runs one test with each seed, up to the first that fails. Machines keep their contexts
   * from run to run, which saves a third of the time. If a run in new contexts has another
   * outcome, all runs are repeated in new contexts. */
  async runTest(scenario: LabTest): Promise<void> {
    const isKept = this.#job.seeds.length > 1 && this.factory.canKeep;
    if (isKept && await this.#runSeeds(scenario, this.factory.series())) return;
    if (isKept) write({ kind: "again", test: shortName(scenario.name) });
    this.#isRepeating = isKept;
    await this.#runSeeds(scenario, this.factory);
    this.#isRepeating = false;
  }

  /** Runs one test with each seed.
   *
   * @returns False if the outcome depends on kept contexts. */
  async #runSeeds(scenario: LabTest, series: RunSeries): Promise<boolean> {
    const { seeds } = this.#job;
    const isKept = series !== this.factory;
    let first: Outcome | undefined;
    for (const [i, seed] of seeds.entries()) {
      const outcome = await this.#runSeed(scenario, seed, await series.machines());
      this.#printed.flush();
      first ??= outcome;
      if (isKept && i > 0 && !outcome.passed) {
        const alone = await this.#repeat(scenario, seed, await this.factory.machines());
        if (!isSame(alone, outcome)) return false;
      } else if (isKept && i > 0 && i === seeds.length - 1) {
        // The first run had new contexts. In used ones it must have the same outcome.
        const again = await this.#repeat(scenario, seeds[0]!, await series.machines());
        if (!isSame(again, first)) return false;
      }
      const { passed, message, ...run } = outcome;
      if (passed) write({ kind: "passed", ...run });
      else write({ kind: "failed", ...run, message });
      if (!passed) break;
    }
    return true;
  }

  /** Runs a seed again and prints nothing. */
  async #repeat(scenario: LabTest, seed: number, machines: Machines): Promise<Outcome> {
    const isRepeating = this.#isRepeating;
    this.#isRepeating = true;
    try {
      return await this.#runSeed(scenario, seed, machines);
    } finally {
      this.#isRepeating = isRepeating;
    }
  }

  async #runSeed({ name, run }: LabTest, seed: number, machines: Machines): Promise<Outcome> {
    const test = shortName(name);
    write({ kind: "started", test, title: name.slice(test.length + 1).trim(), seed });
    let config: Run | undefined;
    const finding = this.#job.findsLoop ? this.#loopHooks() : {};
    const hooks = {
      machines,
      started: (made: Run) => void (config = made),
      print() {},
      ...finding,
    };
    let [passed, message] = [true, ""];
    try {
      await run({ name, run: { seed, clock: "virtual", network: "unreliable" }, hooks });
    } catch (error) {
      [passed, message] = [false, messageOf(error)];
    }
    await this.#writing;
    const { digest = "" } = config?.summary ?? {};
    return { test, seed, passed, digest, message };
  }

  /** Writes each event, and then the place of the loop. */
  #loopHooks(): Pick<RunHooks, "listener" | "limits" | "failed"> {
    const finder = new LoopFinder();
    return {
      listener: (event, atMs) => write({ kind: "event", atMs, event }),
      limits: { turnMsMax: LOOP_MS_MAX, cpuMsMax: Infinity },
      failed: () => void (this.#writing = this.#writeLoop(finder)),
    };
  }

  async #writeLoop(finder: LoopFinder): Promise<void> {
    const place = await finder.lineOf(this.#job.bundle);
    write({ kind: "looped", ...place !== undefined && { place } });
    // The run itself may never end.
    write({ kind: "done" });
  }
}

function isSame(one: Outcome, other: Outcome): boolean {
  return one.passed === other.passed && one.digest === other.digest;
}

function messageOf(error: unknown): string {
  if (error instanceof LabFailure) return error.message;
  return error instanceof Error ? error.stack ?? error.message : String(error);
}

async function runJob(scenarios: readonly LabTest[], job: Job): Promise<void> {
  let runner: Runner;
  try {
    runner = new Runner(job);
  } catch (error) {
    write({ kind: "unloadable", message: messageOf(error).split("\n")[0]! });
    return write({ kind: "done" });
  }
  write({ kind: "loaded" });
  const measuring = requirementsTest(runner.factory, (measured) => {
    write({ kind: "measured", measured });
  });
  for (const test of job.tests) {
    const scenario = [...scenarios, measuring].find(({ name }) => shortName(name) === test);
    if (scenario === undefined) throw new Error(`There is no test "${test}"`);
    await runner.runTest(scenario);
  }
  write({ kind: "done" });
}

async function main(): Promise<void> {
  // Promises and timers of one run must not end the process for the next.
  globalThis.addEventListener("unhandledrejection", (event) => event.preventDefault());
  globalThis.addEventListener("error", (event) => event.preventDefault());
  const alive = setInterval(() => write({ kind: "alive" }), ALIVE_EVERY_MS);
  try {
    const text = await new Response(Deno.stdin.readable).text();
    await import("../../test_test.ts");
    write({ kind: "ready" });
    await runJob(labTests, JSON.parse(text) as Job);
  } catch (error) {
    write({ kind: "broken", problem: error instanceof Error ? error.message : String(error) });
  } finally {
    clearInterval(alive);
  }
}

if (import.meta.main) await main();
