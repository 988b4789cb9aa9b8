/**
 * Opens the page in the browser of the person who started the command.
 *
 * @module
 */

const COMMANDS: Partial<Record<typeof Deno.build.os, string[]>> = {
  darwin: ["open"],
  linux: ["xdg-open"],
  windows: ["cmd", "/c", "start", ""],
};

/** Opens an address if this machine has a browser. The command prints the address in any case. */
export function openInBrowser(address: URL): void {
  const [command, ...args] = COMMANDS[Deno.build.os] ?? [];
  if (command === undefined || !Deno.stdout.isTerminal()) return;
  try {
    const streams = { stdin: "null", stdout: "null", stderr: "null" } as const;
    const opener = new Deno.Command(command, { args: [...args, address.href], ...streams }).spawn();
    opener.unref();
  } catch {
    // This machine has no such command.
  }
}
