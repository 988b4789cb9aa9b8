/**
 * A process that is held to its limits: of time, memory and output.
 *
 * @module
 */

import type { Limits } from "./limits.ts";

const WATCHED_EVERY_MS = 200;
const KILLED_BEYOND = 10;

/** How a process ended. */
export interface ProcessEnd {
  /** What it printed, cut. */
  output: string;
  /** Why it was ended; one line each. */
  notes: string[];
}

/** Runs Deno and ends it when it goes beyond its limits.
 *
 * @param args The words of its command line.
 * @param folder Where it runs.
 * @param limits What it may use.
 * @param signal Ends it early.
 */
export async function runLimited(
  args: string[],
  folder: string,
  limits: Limits & { msMax: number },
  signal?: AbortSignal,
): Promise<ProcessEnd> {
  const notes = new Set<string>();
  const child = new Deno.Command(Deno.execPath(), {
    args,
    cwd: folder,
    clearEnv: true,
    env: environment(),
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const end = (note?: string) => {
    if (note !== undefined) notes.add(note);
    try {
      child.kill("SIGKILL");
    } catch {
      // It has ended by itself.
    }
  };
  const abort = () => end();
  signal?.addEventListener("abort", abort);
  if (signal?.aborted) end();
  const deadline = setTimeout(
    () => end(`Ended after ${limits.msMax / 1000} s, its limit of time`),
    limits.msMax,
  );
  const watch = setInterval(async () => {
    const mb = await residentMb(child.pid);
    if (mb <= limits.residentMbMax) return;
    end(`Ended when it held more than ${limits.residentMbMax} MB of memory`);
  }, WATCHED_EVERY_MS);
  try {
    const room = { bytes: limits.outputBytesMax };
    const tooMuch = () => end("Ended because it printed too much");
    const [out, err] = await Promise.all([
      readUpTo(child.stdout, room, limits, tooMuch),
      readUpTo(child.stderr, room, limits, tooMuch),
    ]);
    await child.status;
    if (room.bytes <= 0) notes.add(`Its output was cut at ${limits.outputBytesMax} bytes`);
    const output = out + err;
    if (output.includes("heap out of memory") || output.includes("heap limit")) {
      notes.add(`Ended when its heap reached ${limits.heapMbMax} MB`);
    }
    return { output, notes: [...notes] };
  } finally {
    clearTimeout(deadline);
    clearInterval(watch);
    signal?.removeEventListener("abort", abort);
    end();
  }
}

/** What Deno needs of the environment. Nothing else is passed on. */
function environment(): Record<string, string> {
  const env: Record<string, string> = { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" };
  for (const name of ["HOME", "PATH", "DENO_DIR", "XDG_CACHE_HOME", "LOCALAPPDATA", "TMPDIR"]) {
    const value = Deno.env.get(name);
    if (value !== undefined) env[name] = value;
  }
  return env;
}

/** Reads a stream to its end and keeps its beginning. */
async function readUpTo(
  stream: ReadableStream<Uint8Array>,
  room: { bytes: number },
  limits: Limits,
  tooMuch: () => void,
): Promise<string> {
  const kept: Uint8Array[] = [];
  for await (const chunk of stream) {
    if (room.bytes > 0) kept.push(chunk.subarray(0, room.bytes));
    room.bytes -= chunk.length;
    if (room.bytes < -KILLED_BEYOND * limits.outputBytesMax) tooMuch();
  }
  return await new Blob(kept as BlobPart[]).text();
}

/** How much memory a process holds; 0 where the system does not say.
 *
 * @param processes Where Linux shows its processes; without that folder `ps` is asked.
 */
export async function residentMb(pid: number, processes = "/proc"): Promise<number> {
  try {
    const status = await Deno.readTextFile(`${processes}/${pid}/status`);
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return await residentMbByPs(pid);
  }
}

async function residentMbByPs(pid: number): Promise<number> {
  try {
    const args = ["-o", "rss=", "-p", String(pid)];
    const { stdout } = await new Deno.Command("ps", { args, stderr: "null" }).output();
    return Number(new TextDecoder().decode(stdout)) / 1024 || 0;
  } catch {
    return 0;
  }
}
