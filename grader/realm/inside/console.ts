/**
 * A console that prints lines of text. Once nothing more is printed, it makes no text of values:
 * a program may print all that it has whenever it does something.
 *
 * @module
 */

/** Makes a console.
 *
 * @param print Prints a line. Returns false if no line after it will be printed.
 * @param text Returns a value as text.
 */
export function makeConsole(
  print: (line: string) => boolean,
  text: (value: unknown) => string,
): object {
  const counts = new Map<string, number>();
  let isOpen = true;
  const log = (...values: unknown[]) => {
    if (isOpen) isOpen = print(values.map((each) => text(each)).join(" "));
  };
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
