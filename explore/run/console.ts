/**
 * The console of a process. What a submission prints is dropped unless a function receives it.
 *
 * @module
 */

/** Receives the output of a submission. */
export type Print = (text: string) => void;

const METHODS = ["log", "info", "debug", "warn", "error", "table", "dir", "trace"] as const;

let print: Print | undefined;

for (const method of METHODS) {
  console[method] = (...args: unknown[]) => print?.(args.map(textOf).join(" "));
}

function textOf(printed: unknown): string {
  return typeof printed === "string" ? printed : Deno.inspect(printed);
}

/** Sends the output to a function from now on, or drops it. */
export function printTo(to: Print | undefined): void {
  print = to;
}
