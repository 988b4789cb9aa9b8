/**
 * One process of the judge, from its start to its end.
 *
 * The process has no permissions, and only the environment variables that Deno needs. This module
 * enforces its limits and kills it in the end. If the parent is killed first, the system ends the
 * process after a fixed amount of processor time.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { z } from "zod";
import { tailOf } from "../../explore/run/tail.ts";
import { limitedCommand } from "./limited_command.ts";
import { ChargedClock } from "./charged_clock.ts";
import { UsageReader } from "./process_usage.ts";
import type { Job, JudgeLine } from "./protocol.ts";
import { type Excess, type ProcessLimits, Watch } from "./watch.ts";

const LAB = new URL("../../", import.meta.url);
const WATCHED_EVERY_MS = 100;
/** The number of characters that are kept of the standard error. */
const ERRORS_LENGTH_MAX = 10_000;
/** The system's limit of processor time, as a multiple of the limit of time: several threads of
 * the process may compute at the same time. */
const CPU_FACTOR = 4;
/** Flags that make many short-lived realms cheaper. Their code runs too briefly for the middle
 * compiler to pay off, and the garbage collector can wait until there are many realms. Together
 * the flags save a quarter of the processor time. */
const V8_FLAGS = ["--no-maglev", "--initial-old-space-size=220"];
/** V8's messages for a full heap. */
const HEAP_FULL = /heap out of memory|heap limit|out of memory: /i;

/** The end of a process. */
export type ProcessEnd =
  | { how: "done" }
  /** The parent ended the process because it exceeded a limit. */
  | { how: "stopped"; excess: Excess }
  | { how: "heap full" }
  /** The caller's signal ended the process. */
  | { how: "aborted" }
  /** The process ended without a verdict. */
  | { how: "died"; reason: string; signal: Deno.Signal | null };

/** Runs one process of the judge.
 *
 * @param job The tests to run.
 * @param limits The limits of the process.
 * @param onLine Receives each line when the process writes it.
 * @param signal Ends the process early.
 * @returns How the process ended, and the charged time in milliseconds.
 */
export async function runProcess(
  job: Job,
  limits: ProcessLimits,
  onLine: (line: JudgeLine) => void,
  signal?: AbortSignal,
): Promise<{ end: ProcessEnd; chargedMs: number }> {
  if (signal?.aborted) return { end: { how: "aborted" }, chargedMs: 0 };
  let child: Deno.ChildProcess;
  try {
    child = (await judgeCommand(limits, job)).spawn();
  } catch (error) {
    const reason = `it cannot be started: ${(error as Error).message}`;
    return { end: { how: "died", reason, signal: null }, chargedMs: 0 };
  }
  let end: ProcessEnd | undefined;
  const stop = (why: ProcessEnd) => {
    end ??= why;
    kill(child);
  };
  const abort = () => stop({ how: "aborted" });
  signal?.addEventListener("abort", abort);
  const watch = new Watch(limits);
  const clock = new ChargedClock(performance.now(), 2 * WATCHED_EVERY_MS);
  using usages = new UsageReader();
  let isLooking = false;
  const timer = setInterval(async () => {
    if (isLooking) return;
    isLooking = true;
    const { cpu, residentMb } = await usages.read(child.pid);
    clock.update(performance.now(), cpu);
    const excess = watch.sample(clock.chargedMs, residentMb);
    if (excess !== undefined) stop({ how: "stopped", excess });
    isLooking = false;
  }, WATCHED_EVERY_MS);
  try {
    const hear = (text: string) => {
      // Lines that the process wrote before it was killed do not change the decision.
      if (end !== undefined) return;
      const line = JSON.parse(text) as JudgeLine;
      watch.heard(line);
      onLine(line);
      if (line.kind === "broken") stop({ how: "died", reason: line.problem, signal: null });
      if (line.kind === "done") stop({ how: "done" });
    };
    const [errors] = await Promise.all([
      tailOf(child.stderr, ERRORS_LENGTH_MAX),
      hearLines(child.stdout, hear, (problem) => {
        stop({ how: "died", reason: problem, signal: null });
      }),
      send(child.stdin, JSON.stringify(job)),
    ]);
    const status = await child.status;
    return { end: end ?? endOf(status, errors), chargedMs: clock.chargedMs };
  } finally {
    clearInterval(timer);
    signal?.removeEventListener("abort", abort);
    kill(child);
  }
}

function kill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch {
    // The process has already ended.
  }
}

function endOf({ code, signal }: Deno.CommandStatus, errors: string): ProcessEnd {
  if (HEAP_FULL.test(errors)) return { how: "heap full" };
  if (signal === "SIGXCPU") return { how: "stopped", excess: "submission" };
  const said = errors.trim().split("\n").at(-1)!;
  const status = signal === null ? `it ended with status ${code}` : `${signal} ended it`;
  return { how: "died", reason: said === "" ? status : `${status}: ${said}`, signal };
}

/** Returns the command of the judge, which has no permission unless it looks for a loop. The
 * tests import the lab's `client.ts` and `server.ts`, which may be a submission, so the import
 * map replaces both. */
async function judgeCommand(
  { heapMbMax, msMax }: ProcessLimits,
  { findsLoop }: Job,
): Promise<Deno.Command> {
  const args = [
    "run",
    "--quiet",
    "--no-prompt",
    ...findsLoop ? ["--allow-sys"] : [],
    "--no-check",
    "--cached-only",
    "--no-remote",
    // In a workspace, Deno accepts no import map beside the configuration.
    "--no-config",
    // A machine's cache may hold only the versions that the lock file names.
    `--lock=${fileURLToPath(new URL("deno.lock", LAB))}`,
    "--frozen",
    `--import-map=data:application/json,${encodeURIComponent(JSON.stringify(await importMap()))}`,
    `--v8-flags=${[...V8_FLAGS, `--max-old-space-size=${heapMbMax}`].join(",")}`,
    fileURLToPath(new URL("judge.ts", import.meta.url)),
  ];
  const cpuSecondsMax = Math.ceil(CPU_FACTOR * msMax / 1000) + 60;
  return limitedCommand(args, `-t ${cpuSecondsMax}`, {
    cwd: fileURLToPath(LAB),
    clearEnv: true,
    env: environment(),
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  });
}

const DenoConfig = z.object({ imports: z.record(z.string(), z.string()) });

async function importMap(): Promise<{ imports: Record<string, string> }> {
  const text = await Deno.readTextFile(new URL("deno.json", LAB));
  const { imports } = DenoConfig.parse(JSON.parse(text));
  const none = new URL("no_submission.ts", import.meta.url).href;
  for (const file of ["client.ts", "server.ts"]) imports[new URL(file, LAB).href] = none;
  return { imports };
}

/** Returns the environment variables that Deno needs. */
function environment(): Record<string, string> {
  const env: Record<string, string> = { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" };
  for (const name of ["HOME", "PATH", "DENO_DIR", "XDG_CACHE_HOME", "LOCALAPPDATA", "TMPDIR"]) {
    const value = Deno.env.get(name);
    if (value !== undefined) env[name] = value;
  }
  return env;
}

/** Writes the job. If the process has ended, its status says so. */
async function send(stdin: WritableStream<Uint8Array>, text: string): Promise<void> {
  await new Blob([text, "\n"]).stream().pipeTo(stdin).catch(() => {});
}

async function hearLines(
  stream: ReadableStream<Uint8Array>,
  hear: (text: string) => void,
  onProblem: (problem: string) => void,
): Promise<void> {
  let rest = "";
  for await (const chunk of stream.pipeThrough(new TextDecoderStream() as never)) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop()!;
    try {
      for (const line of lines) hear(line);
    } catch (error) {
      onProblem(`it wrote a line that is not the judge's: ${(error as Error).message}`);
    }
  }
}
