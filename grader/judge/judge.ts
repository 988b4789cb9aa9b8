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
import { RealmFactory } from "../realm/machines.ts";
import { PrintedText } from "./printed_text.ts";
import { Job, type JudgeLine } from "./protocol.ts";
import { requirementsTest } from "./requirements.ts";

/** How often the process says that it goes on, in real milliseconds. */
const ALIVE_EVERY_MS = 250;

const encoder = new TextEncoder();

function write(line: JudgeLine): void {
  let rest = encoder.encode(`${JSON.stringify(line)}\n`);
  while (rest.length > 0) rest = rest.subarray(Deno.stdout.writeSync(rest));
}

/** Runs one seed of one test.
 *
 * @returns True if it passed. */
async function runSeed(
  { name, run }: Scenario<TestHandle>,
  seed: number,
  factory: RealmFactory,
  tellsEvents: boolean,
): Promise<boolean> {
  const [test, title] = [shortName(name), name.slice(shortName(name).length + 1).trim()];
  write({ kind: "started", test, title, seed });
  let config: Config | undefined;
  const outcome = () => ({
    test,
    seed,
    digest: config?.summary.digest ?? "",
    nservers: config?.summary.nservers ?? 0,
  });
  const listener = (event: TraceEvent, atMs: number) => write({ kind: "event", atMs, event });
  const hooks = {
    machines: await factory.machines(),
    started: (made: Config) => void (config = made),
    print() {},
    ...tellsEvents && { listener },
  };
  try {
    await run({ name, run: { seed, clock: "virtual", network: "unreliable" }, hooks });
  } catch (error) {
    write({ kind: "failed", ...outcome(), message: messageOf(error) });
    return false;
  }
  write({ kind: "passed", ...outcome() });
  return true;
}

function messageOf(error: unknown): string {
  if (error instanceof LabFailure) return error.message;
  return error instanceof Error ? error.stack ?? error.message : String(error);
}

async function runJob(scenarios: readonly Scenario<TestHandle>[], job: Job): Promise<void> {
  const printed = new PrintedText(job.printedLengthMax, (text, isCut) => {
    write({ kind: "printed", text, isCut });
  });
  let factory: RealmFactory;
  try {
    factory = new RealmFactory(job.bundle, { print: (line) => printed.print(line) });
  } catch (error) {
    write({ kind: "unloadable", message: messageOf(error).split("\n")[0]! });
    return write({ kind: "done" });
  }
  write({ kind: "loaded" });
  const measuring = requirementsTest(factory, (measured) => write({ kind: "measured", measured }));
  for (const test of job.tests) {
    const scenario = [...scenarios, measuring].find(({ name }) => shortName(name) === test);
    if (scenario === undefined) throw new Error(`There is no test "${test}"`);
    for (const seed of job.seeds) {
      const passed = await runSeed(scenario, seed, factory, job.tellsEvents);
      printed.flush();
      if (!passed) break;
    }
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
