/**
 * Makes mistakes show that the student's files make while they are loaded. To end the process,
 * which `deno test` would report as success (0 passed, 0 failed), is an error. The runtime's
 * advice to grant a permission is replaced, since servers and clerks never have one.
 *
 * Importing this module puts the guard up, so it has to be imported before them. What runs
 * later is held to the rules for submissions and to the runner's own sanitizers.
 *
 * @module
 */

const globals = globalThis as unknown as Record<string, unknown>;
const ways = [
  { owner: Deno as unknown as Record<string, unknown>, name: "exit", call: "Deno.exit()" },
  { owner: globals, name: "close", call: "close()" },
  { owner: globals["process"] as Record<string, unknown>, name: "exit", call: "process.exit()" },
].map((way) => ({ ...way, original: way.owner[way.name] }));

for (const { owner, name, call } of ways) {
  owner[name] = () => {
    throw new Error(
      `client.ts or server.ts calls ${call} while it is loaded, which would end the process ` +
        "before the first test; remove the call",
    );
  };
}

/** Takes the guard away. Call this once the student's files are loaded. */
export function endLoading(): void {
  for (const { owner, name, original } of ways) owner[name] = original;
}

/** The end of the runtime's message: what to run it with. */
const ADVICE = /, (?:specify|run again)\b.*$/s;

Object.defineProperty(Deno.errors.NotCapable.prototype, "name", {
  configurable: true,
  // The constructor sets the name after the message.
  set(this: Error, value: string) {
    Object.defineProperty(this, "name", { value, configurable: true, writable: true });
    this.message = `${this.message.replace(ADVICE, "")}, which servers and clerks do not have: ` +
      "keep their data in fields";
  },
});
