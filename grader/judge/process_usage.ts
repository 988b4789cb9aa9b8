/**
 * The processor time and the memory of a process.
 *
 * Deno reads Linux's files about processes only with all permissions, which grading does not have,
 * so a small shell reads them.
 *
 * @module
 */

/** The number of Linux's clock ticks in a second, on every platform that Deno supports. */
const TICKS_PER_SECOND = 100;

/** Answers each line, which is a process number, with one line. It is asked often, so it starts no
 * other process. */
const SCRIPT = `page=$(getconf PAGESIZE || echo 4096)
while read -r pid; do
  stat=
  { IFS= read -r stat < "$0/$pid/stat"; } 2>/dev/null
  printf '%s %s\\n' "$page" "$stat"
done`;

/** The processor time of a process, and its state. */
export interface CpuUsage {
  /** The processor time of all its threads, in milliseconds. */
  cpuMs: number;
  /** True if the main thread waits for something other than the processor or the disk. */
  isAsleep: boolean;
}

/** The resources of a process. */
export interface ProcessUsage {
  /** Absent if the system does not report it. */
  cpu?: CpuUsage;
  /** In megabytes; 0 if the system does not report it. */
  residentMb: number;
}

/** Reads the usage of processes until it is disposed of. */
export class UsageReader implements Disposable {
  readonly #shell: Deno.ChildProcess | undefined;
  readonly #answers: AsyncIterator<string> | undefined;
  readonly #questions: WritableStreamDefaultWriter<Uint8Array> | undefined;

  /** @param processes The folder in which Linux lists processes. */
  constructor(processes = "/proc") {
    try {
      this.#shell = new Deno.Command("/bin/sh", {
        args: ["-c", SCRIPT, processes],
        stdin: "piped",
        stdout: "piped",
        stderr: "null",
      }).spawn();
    } catch {
      // Windows has no such shell.
      return;
    }
    this.#answers = linesOf(this.#shell.stdout);
    this.#questions = this.#shell.stdin.getWriter();
  }

  /** Returns the current usage of a process. */
  async read(pid: number): Promise<ProcessUsage> {
    const found = usageOf(await this.#ask(pid));
    return found ?? { residentMb: await residentMbByPs(pid) };
  }

  async #ask(pid: number): Promise<string> {
    try {
      await this.#questions?.write(new TextEncoder().encode(`${pid}\n`));
      return (await this.#answers?.next())?.value ?? "";
    } catch {
      // The shell was killed.
      return "";
    }
  }

  [Symbol.dispose](): void {
    this.#questions?.close().catch(() => {});
    this.#answers?.return?.().catch(() => {});
  }
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of stream.pipeThrough(new TextDecoderStream() as never)) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
}

/** Parses an answer of the shell: the size of a page, and Linux's line about the process. */
function usageOf(answer: string): ProcessUsage | undefined {
  // The name of the command is in parentheses and may contain spaces.
  const [pageBytes] = answer.split(" ", 1);
  const fields = answer.slice(answer.lastIndexOf(")") + 2).split(" ");
  const [state, userTicks, systemTicks, pages] = [fields[0], fields[11], fields[12], fields[21]];
  const cpuMs = (Number(userTicks) + Number(systemTicks)) * 1000 / TICKS_PER_SECOND;
  const residentMb = Number(pages) * Number(pageBytes) / 2 ** 20;
  if (!Number.isFinite(cpuMs) || !Number.isFinite(residentMb)) return undefined;
  return { cpu: { cpuMs, isAsleep: state === "S" }, residentMb };
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
