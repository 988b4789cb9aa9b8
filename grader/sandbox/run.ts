/**
 * Runs the tests of a submission that nobody trusts: without any permission, within
 * limits, behind a guard that freezes what the tests rely on.
 *
 * What the submission prints decides nothing. A test has passed when the runner's own
 * report says so of the test and of each of its seeds, and says it once.
 *
 * @module
 */

import { join } from "node:path";
import { readJunit, type TestCase } from "../junit.ts";
import { LIMITS, type Limits } from "./limits.ts";
import { runLimited } from "./process.ts";

/** How a test ended. */
export interface SandboxTest {
  /** Its name up to the colon, and the rest of it. */
  name: string;
  title: string;
  passed: boolean;
  /** With how many seeds it ran, the one that failed included. */
  seedsRun: number;
  failedSeed: number | null;
  /** What it failed with. */
  message: string | null;
  durationMs: number;
}

/** How a run ended. */
export interface SandboxRun {
  /** The tests that reported. */
  tests: SandboxTest[];
  /** What was ended or cut. */
  notes: string[];
  /** What was printed. */
  output: string;
}

/** What is to be run. */
export interface SandboxOptions {
  /** The names of the tests, up to the colon. */
  tests: readonly string[];
  seeds: readonly number[];
  limits?: Partial<Limits>;
  /** Ends it early. */
  signal?: AbortSignal;
}

const SANDBOX = "grader/sandbox";
/** What runs beside the tests. */
const GUARD_FILES = ["guard.ts", "freeze.ts", "seeded_runs.ts"];
const MEMBERS = "members";
/** No test has more servers or clerks. */
const SERVERS = 5;
const CLERKS = 64;
const STEP = " > seed ";

/** Runs tests.
 *
 * @param folder A copy of the lab with the submission in it.
 */
export async function runSandboxed(folder: string, options: SandboxOptions): Promise<SandboxRun> {
  const limits = { ...LIMITS, ...options.limits };
  const deadlineMs = performance.now() + limits.submissionMsMax;
  await layGuard(folder);
  const run = await runOnce(folder, options, { ...limits, msMax: limits.submissionMsMax });
  const reported = run.tests.map(({ name }) => name);
  const lost = options.tests.filter((test) => !reported.includes(test));
  if (options.tests.length === 1) return run;
  // A process that broke takes the tests after it along, which may be right.
  for (const test of lost) {
    const msMax = Math.round(deadlineMs - performance.now());
    if (msMax <= 0 || options.signal?.aborted) break;
    const one = await runOnce(folder, { ...options, tests: [test] }, { ...limits, msMax });
    run.tests.push(...one.tests);
    run.notes.push(...one.notes.filter((note) => !run.notes.includes(note)));
  }
  return run;
}

async function layGuard(folder: string): Promise<void> {
  await Deno.mkdir(join(folder, SANDBOX), { recursive: true });
  for (const file of GUARD_FILES) {
    await Deno.copyFile(new URL(file, import.meta.url), join(folder, SANDBOX, file));
  }
  for (let member = 0; member < CLERKS; member++) await layMember(folder, String(member));
}

/** Copies the submission into a folder of its own, where it finds the rest of the lab
 * under the same names. */
async function layMember(folder: string, member: string): Promise<void> {
  const own = join(folder, MEMBERS, member);
  await Deno.mkdir(own, { recursive: true });
  for (const file of ["client.ts", "server.ts"]) {
    await Deno.copyFile(join(folder, file), join(own, file));
  }
  for (const file of ["config.ts", "labrpc.ts"]) {
    await Deno.writeTextFile(join(own, file), `export * from "../../${file}";\n`);
  }
}

/** A list of functions, each of which loads a file as one member has it. */
function loaders(file: string, count: number): string {
  const names = Array.from({ length: count }, (_, i) => `./${MEMBERS}/${i}/${file}`);
  return `[${names.map((name) => `() => import("${name}")`).join(",")}]`;
}

async function runOnce(
  folder: string,
  { tests, seeds, signal }: SandboxOptions,
  limits: Limits & { msMax: number },
): Promise<SandboxRun> {
  const report = await Deno.makeTempFile({ suffix: ".xml" });
  // Nobody can import a file whose name they do not know; it holds the seeds.
  const preload = `preload_${crypto.randomUUID()}.ts`;
  const testMsMax = Math.min(limits.testMsMax, limits.msMax);
  await Deno.writeTextFile(
    join(folder, preload),
    `import { guard } from "./${SANDBOX}/${GUARD_FILES[0]}";\n` +
      `const modules = { server: ${loaders("server.ts", SERVERS)}, ` +
      `client: ${loaders("client.ts", CLERKS)} };\n` +
      `guard({ ...${JSON.stringify({ tests, seeds, testMsMax })}, modules });\n`,
  );
  const args = ["test", "--no-prompt", "--no-check", "--no-remote", "--cached-only"];
  args.push(
    `--v8-flags=--max-old-space-size=${limits.heapMbMax},--disallow-code-generation-from-strings`,
    `--junit-path=${report}`,
  );
  args.push(`--preload=./${preload}`, "test_test.ts");
  try {
    const { output, notes } = await runLimited(args, folder, limits, signal);
    notes.push(...loadErrors(output));
    const cases = readJunit((await Deno.readTextFile(report)) || "<testsuites/>");
    if (cases.length === 0 && notes.length === 0) notes.push(notStarted(output));
    return { tests: tests.flatMap((test) => testOf(test, cases, seeds, output)), notes, output };
  } finally {
    await Deno.remove(report);
    await Deno.remove(join(folder, preload)).catch(() => {});
  }
}

/** What the report says of a test; nothing if it does not name it. */
function testOf(
  name: string,
  cases: readonly TestCase[],
  seeds: readonly number[],
  output: string,
): SandboxTest[] {
  const own = cases.filter((each) => each.name.split(":")[0] === name);
  const [whole, ...others] = own.filter((each) => !each.name.includes(STEP));
  if (whole === undefined || whole.outcome === "skipped") return [];
  const steps = own.filter((each) => each.name.includes(STEP));
  const passedSeeds = steps.filter(({ outcome }) => outcome === "passed").map(seedOf);
  const broken = steps.find(({ outcome }) => outcome !== "passed");
  const passed = others.length === 0 && whole.outcome === "passed" && broken === undefined &&
    seeds.every((seed) => passedSeeds.includes(seed));
  const test = {
    name,
    title: whole.name.slice(name.length + 1).trim(),
    seedsRun: steps.length,
    durationMs: whole.durationMs,
  };
  if (passed) return [{ ...test, passed, failedSeed: null, message: null }];
  const message = broken?.message ?? unfinished(whole, output) ?? whole.message;
  // The runner cancelled it, because of something else.
  if (message === undefined || message === "") return [];
  return [{ ...test, passed, failedSeed: broken === undefined ? null : seedOf(broken), message }];
}

function seedOf({ name }: TestCase): number {
  return Number(name.slice(name.lastIndexOf(STEP) + STEP.length));
}

/** What the lab printed of a test that the runner had to end. */
function unfinished({ name, message }: TestCase, output: string): string | undefined {
  if (message === undefined || !message.includes("timed out")) return undefined;
  const start = output.indexOf(`${name} never let go of the processor`);
  const end = output.indexOf("\n  replay:", start);
  return start < 0 || end < 0 ? undefined : output.slice(start, end);
}

/** What is said when there is no sign of any test. */
function notStarted(output: string): string {
  const [, error = "nothing was printed"] = /^error: (.*)$/m.exec(output) ?? [];
  return `No test was started: ${error}`;
}

/** Why the files of the submission could not be loaded. */
function loadErrors(output: string): string[] {
  const found = output.matchAll(/^\S+ \(uncaught error\)\nerror: (?:\(in promise\) )?(.*)$/gm);
  return Array.from(found, ([, message]) => `Stopped by an error outside the tests: ${message}`);
}
