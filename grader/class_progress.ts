/**
 * The progress of a class: a bar on a terminal, or a line every half minute in a log.
 *
 * @module
 */

import { Progress, timeLeft } from "../cli/progress.ts";

const LINE_EVERY_MS = 30_000;

/** Shows the progress of a class and the time that is left, until it is disposed of.
 *
 * @param total The number of submissions to grade.
 * @returns An object with a method to call after each submission.
 */
export function classProgress(total: number): Disposable & { step(): void } {
  const bar = new Progress(total, "submissions");
  const startMs = performance.now();
  let done = 0;
  const log = () => {
    const left = timeLeft(performance.now() - startMs, done, total);
    console.error(`${done} of ${total} submissions graded, ${left}`);
  };
  const timer = Deno.stderr.isTerminal() ? undefined : setInterval(log, LINE_EVERY_MS);
  return {
    step: () => bar.update(++done),
    [Symbol.dispose]() {
      clearInterval(timer);
      bar[Symbol.dispose]();
    },
  };
}
