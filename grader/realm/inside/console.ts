/**
 * A console that prints lines of text.
 *
 * @module
 */

/** Makes a console.
 *
 * @param print Prints a line.
 * @param text Returns a value as text.
 */
export function makeConsole(
  print: (line: string) => void,
  text: (value: unknown) => string,
): object {
  const counts = new Map<string, number>();
  const log = (...values: unknown[]) => print(values.map((each) => text(each)).join(" "));
  const quiet = () => {};
  return {
    log,
    debug: log,
    info: log,
    warn: log,
    error: log,
    trace: log,
    dir: (value: unknown) => log(value),
    dirxml: log,
    table: (value: unknown) => log(value),
    group: log,
    groupCollapsed: log,
    groupEnd: quiet,
    assert(condition: unknown, ...values: unknown[]) {
      if (!condition) log("Assertion failed", ...values);
    },
    count(label = "default") {
      const count = (counts.get(label) ?? 0) + 1;
      counts.set(label, count);
      log(`${label}: ${count}`);
    },
    countReset: (label = "default") => void counts.delete(label),
    time: quiet,
    timeEnd: quiet,
    timeLog: quiet,
    clear: quiet,
  };
}
