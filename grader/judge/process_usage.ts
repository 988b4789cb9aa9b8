/**
 * What a process uses of the machine, as the system tells it.
 *
 * Deno reads the files that Linux keeps about processes only with all permissions, which
 * grading does not have, so a small shell reads them.
 *
 * @module
 */

/** The number of clock ticks that Linux counts in a second, on every platform that Deno has. */
const TICKS_PER_SECOND = 100;

/** Answers each line, the number of a process, with a line. It starts no process for that,
 * since it is asked often. */
const SCRIPT = `page=$(getconf PAGESIZE || echo 4096)
while read -r pid; do
  stat=
  { IFS= read -r stat < "$0/$pid/stat"; } 2>/dev/null
  printf '%s %s\\n' "$page" "$stat"
done`;

/** The time that a process has used, and what it is doing at the moment. */
export interface CpuUsage {
  /** The processor time of all its threads, in milliseconds. */
  cpuMs: number;
  /** True if its main thread waits for something other than the processor or the disk. */
  isAsleep: boolean;
}

/** The resources that a process uses. */
export interface ProcessUsage {
  /** Absent if the system does not say. */
  cpu?: CpuUsage;
  /** The memory that it holds, in megabytes; 0 if the system does not say. */
  residentMb: number;
}

/** Asks the system about processes until it is disposed of. */
export class UsageReader implements Disposable {
  readonly #shell: Deno.ChildProcess | undefined;
  readonly #answers: AsyncIterator<string> | undefined;
  readonly #questions: WritableStreamDefaultWriter<Uint8Array> | undefined;

  /** @param processes The folder in which Linux shows its processes. */
  constructor(processes = "/proc") {
    try {
      this.#shell = new Deno.Command("/bin/sh", {
        args: ["-c", SCRIPT, processes],
        stdin: "piped",
        stdout: "piped",
        stderr: "null",
      }).spawn();
    } catch {
      // There is no such shell on Windows.
      return;
    }
    this.#answers = linesOf(this.#shell.stdout);
    this.#questions = this.#shell.stdin.getWriter();
  }

  /** Returns what a process uses at the moment.
   *
   * @param pid Its number. */
  async read(pid: number): Promise<ProcessUsage> {
    const found = usageOf(await this.#ask(pid));
    return found ?? { residentMb: await residentMbByPs(pid) };
  }

  async #ask(pid: number): Promise<string> {
    try {
      await this.#questions?.write(new TextEncoder().encode(`${pid}\n`));
      return (await this.#answers?.next())?.value ?? "";
    } catch {
      // Somebody ended the shell.
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

/** Reads an answer of the shell: the size of a page, and what Linux says of the process. */
function usageOf(answer: string): ProcessUsage | undefined {
  // The name of the command stands in parentheses and may hold spaces.
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
