/**
 * The judge: a process without any permission that runs the tests on one submission, and
 * says what came of each seed as soon as it is known.
 *
 * It reads one {@linkcode Job} from its standard input and writes {@linkcode JudgeLine}s.
 * Nothing of a submission is ever evaluated in its own realm, so that nothing but this
 * module writes there. What ends the process, and when, is its parent's decision.
 *
 * @module
 */

import type { Config, TestHandle } from "../../config.ts";
import type { TraceEvent } from "../../sim/mod.ts";
import { LabFailure, shortName } from "../../testing/failure_report.ts";
import { collectScenarios, type Scenario } from "../../testing/register.ts";
import type { Machines } from "../../testing/machines.ts";
import { RealmFactory, type RunSeries } from "../realm/machines.ts";
import { PrintedText } from "./printed_text.ts";
import { Job, type JudgeLine } from "./protocol.ts";

/** How often the process says that it goes on, in real milliseconds. */
const ALIVE_EVERY_MS = 250;

const encoder = new TextEncoder();

function write(line: JudgeLine): void {
  let rest = encoder.encode(`${JSON.stringify(line)}\n`);
  while (rest.length > 0) rest = rest.subarray(Deno.stdout.writeSync(rest));
}

/** The outcome of one seed of one test. */
interface Outcome {
  readonly passed: boolean;
  readonly digest: string;
  readonly nservers: number;
  /** What the report of its failure says; "" if it passed. */
  readonly message: string;
}

/** Runs the tests of a job on one submission. */
class Runner {
  readonly #job: Job;
  readonly #factory: RealmFactory;
  readonly #printed: PrintedText;
  /** True while a run is repeated: what it prints was printed already. */
  #isRepeating = false;

  constructor(job: Job) {
    this.#job = job;
    this.#printed = new PrintedText(job.printedLengthMax, (text, isCut) => {
      write({ kind: "printed", text, isCut });
    });
    const print = (line: string) => {
      if (!this.#isRepeating) this.#printed.print(line);
    };
    this.#factory = new RealmFactory(job.bundle, { print });
  }

  /** Runs one test with all seeds, up to the first that fails. Its runs keep their contexts,
   * which is twice as fast. Whether that makes a difference, the last of them tells, which
   * is made again without: then all of them are. */
  async runTest(scenario: Scenario<TestHandle>): Promise<void> {
    const { seeds } = this.#job;
    const isKept = seeds.length > 1 && this.#factory.canKeep;
    if (isKept && !await this.#runSeeds(scenario, this.#factory.series())) {
      write({ kind: "again", test: shortName(scenario.name) });
      this.#isRepeating = true;
    } else if (isKept) return;
    await this.#runSeeds(scenario);
    this.#isRepeating = false;
  }

  /** Runs one test with all seeds.
   *
   * @param series Keeps contexts, if given.
   * @returns False if that made a difference. */
  async #runSeeds(scenario: Scenario<TestHandle>, series?: RunSeries): Promise<boolean> {
    const { seeds } = this.#job;
    const test = shortName(scenario.name);
    const title = scenario.name.slice(test.length + 1).trim();
    for (const [i, seed] of seeds.entries()) {
      const started = { kind: "started", test, title, seed } as const;
      write(started);
      const { passed, digest, nservers, message } = await this.#runSeed(
        scenario,
        seed,
        await (series ?? this.#factory).machines(),
      );
      this.#printed.flush();
      const isLast = !passed || i === seeds.length - 1;
      if (series !== undefined && isLast && i > 0) {
        this.#isRepeating = true;
        write(started);
        const again = await this.#runSeed(scenario, seed, await this.#factory.machines());
        this.#isRepeating = false;
        if (again.passed !== passed || again.digest !== digest) return false;
      }
      const run = { test, seed, digest, nservers };
      write(passed ? { kind: "passed", ...run } : { kind: "failed", ...run, message });
      if (isLast) break;
    }
    return true;
  }

  async #runSeed(
    { name, run }: Scenario<TestHandle>,
    seed: number,
    machines: Machines,
  ): Promise<Outcome> {
    let config: Config | undefined;
    const listener = (event: TraceEvent, atMs: number) => write({ kind: "event", atMs, event });
    const hooks = {
      machines,
      started: (made: Config) => void (config = made),
      print() {},
      ...this.#job.tellsEvents && { listener },
    };
    let message = "";
    let passed = true;
    try {
      await run({ name, run: { seed, clock: "virtual", network: "unreliable" }, hooks });
    } catch (error) {
      passed = false;
      message = messageOf(error);
    }
    const { digest = "", nservers = 0 } = config?.summary ?? {};
    return { passed, digest, nservers, message };
  }
}

function messageOf(error: unknown): string {
  if (error instanceof LabFailure) return error.message;
  return error instanceof Error ? error.stack ?? error.message : String(error);
}

async function runJob(scenarios: readonly Scenario<TestHandle>[], job: Job): Promise<void> {
  let runner: Runner;
  try {
    runner = new Runner(job);
  } catch (error) {
    write({ kind: "unloadable", message: messageOf(error).split("\n")[0]! });
    return write({ kind: "done" });
  }
  write({ kind: "loaded" });
  for (const test of job.tests) {
    const scenario = scenarios.find(({ name }) => shortName(name) === test);
    if (scenario === undefined) throw new Error(`There is no test "${test}"`);
    await runner.runTest(scenario);
  }
  write({ kind: "done" });
}

async function main(): Promise<void> {
  // What a run leaves behind must not end the runs after it.
  globalThis.addEventListener("unhandledrejection", (event) => event.preventDefault());
  globalThis.addEventListener("error", (event) => event.preventDefault());
  const alive = setInterval(() => write({ kind: "alive" }), ALIVE_EVERY_MS);
  try {
    const text = await new Response(Deno.stdin.readable).text();
    const scenarios = await collectScenarios<TestHandle>(() => import("../../test_test.ts"));
    write({ kind: "ready" });
    await runJob(scenarios, Job.parse(JSON.parse(text)));
  } catch (error) {
    write({ kind: "broken", problem: error instanceof Error ? error.message : String(error) });
  } finally {
    clearInterval(alive);
  }
}

if (import.meta.main) await main();
