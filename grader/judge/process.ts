/**
 * One process of the judge, from its start to its end.
 *
 * It has no permission, and no more of the environment than Deno needs. It is held to its
 * limits, and is gone when this module is done with it. Should this process be killed
 * first, the system ends the judge once it has used up a fixed amount of processor time.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { z } from "zod";
import { tailOf } from "../../explore/run/tail.ts";
import { limitedCommand } from "./limited_command.ts";
import { ChargedClock } from "./charged_clock.ts";
import { UsageReader } from "./process_usage.ts";
import { type Job, JudgeLine } from "./protocol.ts";
import { type Excess, type ProcessLimits, Watch } from "./watch.ts";

const LAB = new URL("../../", import.meta.url);
const WATCHED_EVERY_MS = 100;
/** The number of characters of its standard error that are kept. */
const ERRORS_LENGTH_MAX = 10_000;
/** The system lets it have this many times the processor time of its limit: several threads of the
 * process may compute at the same time. */
const CPU_FACTOR = 4;
/** Flags that make many short-lived realms cheaper: no code of theirs runs for so long that the
 * middle compiler pays, and the old ones are not looked for before there are many. Together they
 * save a quarter of the processor time. */
const V8_FLAGS = ["--no-maglev", "--initial-old-space-size=220"];
/** The words of V8 for a full heap. */
const HEAP_FULL = /heap out of memory|heap limit|out of memory: /i;

/** The end of a process. */
export type ProcessEnd =
  | { how: "done" }
  /** The parent ended it, since it went beyond a limit. */
  | { how: "stopped"; excess: Excess }
  | { how: "heap full" }
  /** The caller's signal ended it. */
  | { how: "aborted" }
  /** It ended by itself, or something else ended it. */
  | { how: "died"; reason: string; signal: Deno.Signal | null };

/** Runs one process of the judge.
 *
 * @param job What it is to run.
 * @param limits What it may use.
 * @param onLine Receives its lines, as it writes them.
 * @param signal Ends it early.
 * @returns How it ended, and the time that it was charged for, in milliseconds.
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
      // What was decided is decided, whatever the process has managed to write since.
      if (end !== undefined) return;
      const line = readLine(text);
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
    // It has ended by itself.
  }
}

function endOf({ code, signal }: Deno.CommandStatus, errors: string): ProcessEnd {
  if (HEAP_FULL.test(errors)) return { how: "heap full" };
  if (signal === "SIGXCPU") return { how: "stopped", excess: "submission" };
  const said = errors.trim().split("\n").at(-1)!;
  const status = signal === null ? `it ended with status ${code}` : `${signal} ended it`;
  return { how: "died", reason: said === "" ? status : `${status}: ${said}`, signal };
}

/** The command line of the judge, which has no permission unless it looks for a loop. The lab's own `client.ts` and `server.ts`, which the
 * tests import, may be a submission; others are put in their place. */
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
    // With the configuration, an import map of its own ends Deno where there is a workspace.
    "--no-config",
    // The lock file says which versions there are: what it names is all that a machine on
    // which nothing else ever ran has in its cache.
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

/** Returns the variables that Deno needs. Nothing else is passed on. */
function environment(): Record<string, string> {
  const env: Record<string, string> = { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" };
  for (const name of ["HOME", "PATH", "DENO_DIR", "XDG_CACHE_HOME", "LOCALAPPDATA", "TMPDIR"]) {
    const value = Deno.env.get(name);
    if (value !== undefined) env[name] = value;
  }
  return env;
}

/** Writes the job. A process that is gone does not hear it, which its status tells. */
async function send(stdin: WritableStream<Uint8Array>, text: string): Promise<void> {
  await new Blob([text, "\n"]).stream().pipeTo(stdin).catch(() => {});
}

function readLine(text: string): JudgeLine {
  const line = JudgeLine.safeParse(JSON.parse(text));
  if (line.success) return line.data;
  const { path, message } = line.error.issues[0]!;
  throw new TypeError(`${path.join(".")}: ${message}`);
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
      onProblem(`it wrote a line that is none of the judge's: ${(error as Error).message}`);
    }
  }
}
