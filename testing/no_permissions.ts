/**
 * Replaces the runtime's advice to grant a permission. Servers and clerks never have one, so
 * the advice would lead a student away from the mistake.
 *
 * Importing this module replaces it, also in what is thrown while the student's files are
 * loaded.
 *
 * @module
 */

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
