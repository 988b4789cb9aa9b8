/**
 * Every entry of the corpus does what is written of it: the seven tests come to its
 * `expect.json` and to `docs/detection.md`, the recording of a failure performs it again event
 * for event, and right entries run in realms as they do without.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { makeShardConfig, type RunHooks } from "../config.ts";
import { perform } from "../explore/counterexample/perform.ts";
import { ScheduleRecorder } from "../explore/counterexample/schedule_recorder.ts";
import { detect, digestOf, type FirstRun } from "../explore/detection/detection.ts";
import { parseDetections } from "../explore/detection/detection_file.ts";
import { mayRunProcesses } from "../grader/permissions.ts";
import { bundleSubmission, RealmFactory, stopBundler } from "../grader/realm/mod.ts";
import type { Machines } from "../testing/machines.ts";
import { measureRequirements } from "../testing/requirements.ts";
import type { TraceEvent } from "../testing/trace_event.ts";
import { filesOf, loadMachines, type Run, runOnce, stopCompiler } from "./entry_fixture.ts";
import { corpusEntries, type Expectation, expectationOf, TestName } from "./expectation.ts";

const options = { ignore: !mayRunProcesses, sanitizeOps: false, sanitizeResources: false };
const entries = mayRunProcesses ? corpusEntries() : [];
const documented = mayRunProcesses
  ? parseDetections(await Deno.readTextFile(new URL("../docs/detection.md", import.meta.url))).rows
  : new Map<string, never>();

/** Entries whose runs never yield, so that they need a process of their own. */
const HANGING = ["spins_for_lock"];

/** The seed of the digests in the page. */
const SEED = 1;

/** The seeds among which there is one that the intended test fails with. */
const SEEDS_MAX = 20;

/** Compares the runs of an entry with what is written of it. */
function assertAsWritten(
  entry: string,
  { pass, fail, either }: Expectation,
  runs: readonly FirstRun[],
): void {
  const sure = runs.filter(({ name }) => !either.some((each) => each === name));
  const names = (passed: boolean) => {
    return sure.filter((run) => run.passed === passed).map(({ name }) => name).toSorted();
  };
  assertEquals([names(true), names(false)], [pass.toSorted(), fail.toSorted()]);
  const remedy = "the runs are others than those of docs/detection.md; run deno task detect";
  assertEquals(digestOf(runs), documented.get(entry)?.runs, remedy);
}

/** Collects the events of a run as lines. */
function linesOf() {
  const lines: string[] = [];
  const listener = (event: TraceEvent, atMs: number) => {
    lines.push(`${atMs} ${JSON.stringify(event)}`);
  };
  return { lines, listener };
}

/** Runs a test until it fails, and performs the recording of that run. */
async function assertRepeatable(name: TestName, machines: Machines): Promise<void> {
  for (let seed = SEED; seed <= SEEDS_MAX; seed++) {
    const recorder = new ScheduleRecorder();
    const run = linesOf();
    const hooks: RunHooks & { machines: Machines } = {
      ...recorder.hooks,
      machines,
      listener(event, atMs) {
        recorder.hooks.listener(event, atMs);
        run.listener(event, atMs);
      },
    };
    if ((await runOnce(name, seed, hooks)).passed) continue;
    const again = linesOf();
    const schedule = recorder.schedule(seed)!;
    const { summary } = await perform(schedule, { machines, listener: again.listener });
    // A test may look at results later than a performance does, or stop earlier.
    const length = Math.min(run.lines.length, summary?.events ?? 0);
    assert(length > 0);
    const different = run.lines.slice(0, length).findIndex((line, i) => line !== again.lines[i]);
    if (different >= 0) {
      assertEquals(again.lines[different], run.lines[different], `event ${different}`);
    }
    return;
  }
  throw new Error(`${name} passes with ${SEEDS_MAX} seeds`);
}

/** Runs a submission in realms, and compares the digests. */
async function assertSameInRealms(
  files: ReadonlyMap<string, string>,
  runs: readonly Run[],
): Promise<void> {
  const factory = new RealmFactory(await bundleSubmission(files));
  for (const { name, digest } of runs) {
    const inRealms = await runOnce(name, SEED, { machines: await factory.machines() });
    assertEquals([name, inRealms.passed, inRealms.digest], [name, true, digest]);
  }
}

/** Returns the requirements that a submission does not meet. */
async function unmetBy(machines: Machines): Promise<string[]> {
  const run = { seed: SEED, clock: "virtual", network: "unreliable" } as const;
  const { requirements } = await measureRequirements((size, listener) => {
    const hooks = { print() {}, machines, ...listener && { listener } };
    return makeShardConfig({ name: "requirements", run, hooks }, { ...size, unreliable: false });
  });
  return requirements.filter(({ isMet }) => !isMet).map(({ name }) => name);
}

async function runAll(machines: Machines): Promise<Run[]> {
  const runs: Run[] = [];
  for (const name of TestName.options) runs.push(await runOnce(name, SEED, { machines }));
  return runs;
}

Deno.test("docs/detection.md has a row for each entry of corpus/", options, () => {
  assertEquals([...documented.keys()].toSorted(), entries);
});

for (const entry of entries) {
  if (HANGING.includes(entry)) continue;
  Deno.test(`corpus/${entry} comes to what is written of it`, options, async () => {
    const expectation = await expectationOf(entry);
    const files = await filesOf(entry);
    const machines = await loadMachines(files);
    const runs = await runAll(machines);
    assertAsWritten(entry, expectation, runs);
    if (expectation.intended !== undefined) {
      await assertRepeatable(expectation.intended, machines);
    } else {
      await assertSameInRealms(files, runs);
      assertEquals(await unmetBy(machines), expectation.unmet);
    }
  });
}

for (const entry of HANGING) {
  Deno.test(`corpus/${entry} comes to what is written of it in a process`, options, async () => {
    const { expectation, shares, runs } = await detect(entry, 1);
    const { pass, fail } = expectation;
    for (const name of pass) {
      assertEquals([name, shares[TestName.options.indexOf(name)]], [name, 0]);
    }
    for (const name of fail) {
      assertEquals([name, shares[TestName.options.indexOf(name)]], [name, 1]);
    }
    assertEquals(runs, documented.get(entry)?.runs);
  });
}

Deno.test("the lab's own solution has the same digests in realms", options, async () => {
  const files = await filesOf("..");
  const runs = await runAll(await loadMachines(files));
  assert(runs.every(({ passed }) => passed));
  await assertSameInRealms(files, runs);
});

Deno.test("a submission without shards misses three requirements", options, async () => {
  const missed = ["replicates", "asks the first server first", "shares the work"];
  assertEquals(await unmetBy(await loadMachines(await filesOf("no_sharding"))), missed);
});

Deno.test("a clerk that gives a call less time than the network does frees memory", {
  ...options,
}, async () => {
  const files = await filesOf("..");
  const client = files.get("client.ts")!;
  const hasty = client.replace(
    "return (await request(server)).value;",
    "const wait = new Promise<undefined>((resolve) => setTimeout(resolve, 60));\n" +
      "const reply = await Promise.race([request(server), wait]);\n" +
      "if (reply !== undefined) return reply.value;",
  );
  assert(hasty !== client);
  assertEquals(await unmetBy(await loadMachines(files.set("client.ts", hasty))), []);
});

Deno.test.afterAll(async () => {
  await stopCompiler();
  await stopBundler();
});
