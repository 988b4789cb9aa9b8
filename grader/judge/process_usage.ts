/**
 * What a process uses of the machine, as the system tells it.
 *
 * @module
 */

/** How many of its clock ticks Linux counts in a second, on every platform that Deno has. */
const TICKS_PER_SECOND = 100;

/** The time that a process has used, and what it is doing at the moment. */
export interface CpuUsage {
  /** The processor time of all its threads, in milliseconds. */
  cpuMs: number;
  /** True if its main thread waits for something other than the processor or the disk. */
  isAsleep: boolean;
}

/** Reads the processor time of a process.
 *
 * @param pid Its number.
 * @param processes The folder in which Linux shows its processes.
 * @returns `undefined` if the system does not say.
 */
export async function cpuUsage(pid: number, processes = "/proc"): Promise<CpuUsage | undefined> {
  let stat: string;
  try {
    stat = await Deno.readTextFile(`${processes}/${pid}/stat`);
  } catch {
    return undefined;
  }
  // The name of the command stands in parentheses and may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, userTicks, systemTicks] = [fields[0], fields[11], fields[12]];
  const cpuMs = (Number(userTicks) + Number(systemTicks)) * 1000 / TICKS_PER_SECOND;
  return Number.isFinite(cpuMs) ? { cpuMs, isAsleep: state === "S" } : undefined;
}

/** Reads how much memory a process holds, in megabytes; 0 if the system does not say.
 *
 * @param pid Its number.
 * @param processes The folder in which Linux shows its processes; without it `ps` is asked.
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
