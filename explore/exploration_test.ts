import { assert, assertEquals } from "@std/assert";
import { Exploration, type ExplorationPlan } from "./exploration.ts";
import type { Runner } from "./run/runner.ts";
import type { SeedResult, SeedTask } from "./run/seed_run.ts";

const PLAN: ExplorationPlan = { tests: ["A: a", "B: b"], from: 10, seeds: 20, network: "hostile" };

/** A thread that decides at once what a run comes to. */
class FakeRunner {
  readonly tasks: SeedTask[] = [];
  readonly #decide: (task: SeedTask) => Partial<SeedResult>;

  constructor(decide: (task: SeedTask) => Partial<SeedResult> = () => ({})) {
    this.#decide = decide;
  }

  async run(task: SeedTask): Promise<SeedResult> {
    this.tasks.push(task);
    const summary = {
      nreplicas: 1,
      nservers: 1,
      digest: `${task.seed}`,
      events: 1,
      virtualMs: 1,
      rpcs: task.seed,
    };
    return await Promise.resolve({ summary, realMs: 1, ...this.#decide(task) });
  }

  /** Itself, as what a thread is elsewhere. */
  get runner(): Runner {
    return this as unknown as Runner;
  }
}

const failure = { error: "boom" };

Deno.test("Exploration.run() runs every seed of every test once, on all threads", async () => {
  const threads = [new FakeRunner(), new FakeRunner()];
  const exploration = new Exploration(PLAN);
  let calls = 0;
  await exploration.run(threads.map(({ runner }) => runner), () => calls++);
  const tasks = threads.flatMap(({ tasks }) => tasks);
  assertEquals(new Set(tasks.map(({ test, seed }) => `${test} ${seed}`)).size, 40);
  assertEquals([tasks.length, calls, exploration.done, exploration.total], [40, 40, 40, 40]);
  assert(tasks.every(({ seed, network }) => seed >= 10 && seed < 30 && network === "hostile"));
  assert(threads.every(({ tasks }) => tasks.length > 10));
  const [tally] = exploration.tallies;
  assertEquals([tally!.seedsRun, tally!.first, tally!.rpcs.mean], [
    20,
    { seed: 10, digest: "10", events: 1 },
    19.5,
  ]);
});

Deno.test("Exploration.run() finds the failure with the smallest seed, and repeats failures", async () => {
  const thread = new FakeRunner(({ test, seed }) => {
    return test === "B: b" && [17, 14, 22].includes(seed) ? { failure } : {};
  });
  const exploration = new Exploration(PLAN);
  await exploration.run([thread.runner], () => {});
  const [a, b] = exploration.tallies;
  assertEquals([a!.failures, a!.firstFailed, exploration.failures], [0, undefined, 3]);
  assertEquals([b!.failures, b!.firstFailed], [3, {
    seed: 14,
    digest: "14",
    failure,
  }]);
  assertEquals(thread.tasks.length, 43);
  assertEquals(b!.unsteady, undefined);
});

Deno.test("Exploration.run() remembers a failed run that is another one when repeated", async () => {
  let runs = 0;
  const thread = new FakeRunner(() => {
    const summary = {
      nreplicas: 1,
      nservers: 1,
      digest: `${runs++}`,
      events: 1,
      virtualMs: 1,
      rpcs: 1,
    };
    return { failure, summary };
  });
  const exploration = new Exploration({ ...PLAN, tests: ["A: a"], seeds: 1 });
  await exploration.run([thread.runner], () => {});
  assertEquals(exploration.tallies[0]!.unsteady, { seed: 10, digest: "0" });
});

Deno.test("Exploration.run() leaves the rest of a test out when too many runs never end", async () => {
  const thread = new FakeRunner(({ test }) => {
    return test === "A: a" ? { failure, summary: undefined } as never : {};
  });
  const exploration = new Exploration(PLAN);
  await exploration.run([thread.runner], () => {});
  const [a, b] = exploration.tallies;
  assert(a!.seedsRun >= 3 && a!.seedsRun < 6);
  assertEquals([b!.seedsRun, exploration.done], [20, 40]);
});

Deno.test("Exploration.stop() ends it at once, with what there is", async () => {
  const exploration = new Exploration(PLAN);
  const thread = new FakeRunner();
  await exploration.run([thread.runner], () => {
    if (exploration.done === 5) exploration.stop();
  });
  assertEquals(exploration.done, 5);
  assert(exploration.tallies.every(({ seedsRun }) => seedsRun > 0));
});

Deno.test("Exploration.seedsPerSecond() shares the time out by how busy the threads were", async () => {
  const exploration = new Exploration(PLAN);
  const thread = new FakeRunner(({ test }) => ({ realMs: test === "A: a" ? 30 : 10 }));
  await exploration.run([thread.runner], () => {});
  const [a, b] = exploration.tallies.map((tally) => exploration.seedsPerSecond(tally));
  assert(Math.abs(b! / a! - 3) < 1e-9);
});
