/**
 * Reports mistakes that the student's files make while they are loaded. Ending the process becomes
 * an error: `deno test` would report it as success (0 passed, 0 failed). The runtime's advice to
 * grant a permission is replaced, because servers and clerks never have one.
 *
 * The import of this module starts the guard, so it comes before that of the student's files. Later,
 * the rules for submissions and the runner's sanitizers apply.
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

/** Ends the guard. Call this when the student's files are loaded. */
export function endLoading(): void {
  for (const { owner, name, original } of ways) owner[name] = original;
}

/** The end of the runtime's message, which advises to grant a permission. */
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
