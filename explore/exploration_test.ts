import { assert, assertEquals } from "@std/assert";
import { Exploration, type ExplorationPlan, meanAndSpread } from "./exploration.ts";
import type { Runner } from "./run/runner.ts";
import type { SeedResult, SeedTask } from "./run/seed_run.ts";

const PLAN: ExplorationPlan = { tests: ["A: a", "B: b"], from: 10, seeds: 20, network: "hostile" };
const failure = { error: "boom" };

const SUMMARY = { nreplicas: 1, nservers: 1, events: 1, virtualMs: 1 };

type Decide = (task: SeedTask) => Partial<SeedResult>;

/** A process whose runs take no time. */
class FakeRunner {
  readonly tasks: SeedTask[] = [];
  readonly #decide: Decide;

  constructor(decide: Decide) {
    this.#decide = decide;
  }

  run(task: SeedTask): Promise<SeedResult> {
    this.tasks.push(task);
    const { seed } = task;
    const summary = { ...SUMMARY, digest: `${seed}`, rpcs: seed };
    return Promise.resolve({ summary, realMs: 1, ...this.#decide(task) });
  }
}

/** Explores in two processes. */
async function explored(decide: Decide = () => ({}), plan = PLAN, onProgress = () => {}) {
  const runners = [new FakeRunner(decide), new FakeRunner(decide)];
  const exploration = new Exploration(plan);
  await exploration.run(runners as unknown as Runner[], onProgress);
  const [a, b] = exploration.tallies;
  return { exploration, runners, tasks: runners.flatMap(({ tasks }) => tasks), a: a!, b: b! };
}

Deno.test("Exploration.run() runs every seed of every test once, in all processes", async () => {
  let calls = 0;
  const { exploration, runners, tasks, a } = await explored(undefined, PLAN, () => calls++);
  assertEquals(new Set(tasks.map(({ test, seed }) => `${test} ${seed}`)).size, 40);
  assertEquals([tasks.length, calls, exploration.done, exploration.total], [40, 40, 40, 40]);
  assert(tasks.every(({ seed, network }) => seed >= 10 && seed < 30 && network === "hostile"));
  assert(runners.every(({ tasks }) => tasks.length > 10));
  assertEquals([a.seedsRun, a.first], [20, { seed: 10, digest: "10", events: 1 }]);
  assertEquals(meanAndSpread(a.rpcs), { mean: 19.5, spread: Math.sqrt(35) });
});

Deno.test("Exploration.run() finds the failure with the smallest seed, and repeats failures", async () => {
  const { exploration, tasks, a, b } = await explored(({ test, seed }) => {
    return test === "B: b" && [17, 14, 22].includes(seed) ? { failure } : {};
  });
  assertEquals([a.failures, a.firstFailed, exploration.failures], [0, undefined, 3]);
  assertEquals([b.failures, b.firstFailed], [3, { seed: 14, digest: "14", failure }]);
  assertEquals([tasks.length, b.unsteady], [43, undefined]);
});

Deno.test("Exploration.run() notes a failed run whose repetition differs", async () => {
  let runs = 0;
  const { a } = await explored(() => {
    return { failure, summary: { ...SUMMARY, digest: `${runs++}`, rpcs: 1 } };
  }, { ...PLAN, tests: ["A: a"], seeds: 1 });
  assertEquals(a.unsteady, { seed: 10, digest: "0" });
});

Deno.test("Exploration.run() skips the rest of a test when too many runs never end", async () => {
  const { exploration, a, b } = await explored(({ test }) => {
    return test === "A: a" ? { failure, summary: undefined } as never : {};
  });
  assert(a.seedsRun >= 3 && a.seedsRun < 7);
  assertEquals([b.seedsRun, exploration.done], [20, 40]);
});

Deno.test("Exploration.stop() ends the exploration immediately and keeps its results", async () => {
  const exploration = new Exploration(PLAN);
  const runners = [new FakeRunner(() => ({}))];
  await exploration.run(runners as unknown as Runner[], () => {
    if (exploration.done === 5) exploration.stop();
  });
  assertEquals(exploration.done, 5);
  assert(exploration.tallies.every(({ seedsRun }) => seedsRun > 0));
});

Deno.test("Exploration.seedsPerSecond() charges each test for the time that its runs took", async () => {
  const { exploration, a, b } = await explored(({ test }) => ({
    realMs: test === "A: a" ? 30 : 10,
  }));
  const [one, other] = [a, b].map((tally) => exploration.seedsPerSecond(tally));
  assertEquals((other! / one!).toFixed(6), "3.000000");
});
