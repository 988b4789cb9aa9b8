/**
 * Commands of Deno with a limit of processor time that the system enforces.
 *
 * @module
 */

/** Makes a command of Deno that leaves no core file. On Windows it has no limit.
 *
 * @param args The arguments of Deno.
 * @param limit The arguments of `ulimit`, with the processor time in seconds: `-t 60`, or `-St 60`
 * for the soft limit alone.
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
