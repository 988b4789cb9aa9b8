/**
 * The progress of a class and the time that is left: as a bar on a terminal, and as a line from
 * time to time where there is none, such as in the log of a workflow.
 *
 * @module
 */

import { Progress, timeLeft } from "../cli/progress.ts";

/** The interval between two lines, in real milliseconds. */
const LINE_EVERY_MS = 30_000;

/** Shows how far a class is, until it is disposed of. */
export class ClassProgress implements Disposable {
  readonly #total: number;
  readonly #bar: Progress;
  readonly #startMs = performance.now();
  readonly #timer: ReturnType<typeof setInterval> | undefined;
  #done = 0;

  /** @param total How many submissions there are to grade. */
  constructor(total: number) {
    this.#total = total;
    this.#bar = new Progress(total, "submissions");
    if (!Deno.stderr.isTerminal()) {
      this.#timer = setInterval(() => console.error(this.line()), LINE_EVERY_MS);
    }
  }

  /** Tells that one more submission is graded. */
  step(): void {
    this.#bar.update(++this.#done);
  }

  /** The line for a log. */
  line(): string {
    const left = timeLeft(performance.now() - this.#startMs, this.#done, this.#total);
    return `${this.#done} of ${this.#total} submissions graded, ${left}`;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#bar[Symbol.dispose]();
  }
}
