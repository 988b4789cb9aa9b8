/**
 * Commands of Deno that the system ends once they have used up their processor time.
 *
 * @module
 */

/** Makes a command of Deno that leaves no core file. Windows has no such limit.
 *
 * @param args Its command line.
 * @param limit The option of `ulimit` with the seconds of processor time, for example
 * `-St 60`, where only the soft limit is set.
 * @param options How it is started.
 */
export function limitedCommand(
  args: readonly string[],
  limit: string,
  options: Omit<Deno.CommandOptions, "args">,
): Deno.Command {
  if (Deno.build.os === "windows") {
    return new Deno.Command(Deno.execPath(), { args: [...args], ...options });
  }
  const script = `ulimit -c 0; ulimit ${limit}; exec "$0" "$@"`;
  const words = ["-c", script, Deno.execPath(), ...args];
  return new Deno.Command("/bin/sh", { args: words, ...options });
}
