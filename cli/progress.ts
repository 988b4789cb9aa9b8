/**
 * The progress of long work: a bar on a terminal, or a line every half minute in a log.
 *
 * @module
 */

import progress from "cli-progress";
import { stderr } from "node:process";

const SHOWN_AFTER_MS = 1000;

/** The time between two drawings of the bar. */
const REDRAWN_AFTER_MS = 100;

/** The time between two lines in a log. */
const LOGGED_AFTER_MS = 30_000;

/** Shows the progress of some work on the standard error, until it is disposed of. */
export class Progress implements Disposable {
  readonly #bar: InstanceType<typeof progress.SingleBar>;
  readonly #total: number;
  readonly #unit: string;
  readonly #isTerminal = Deno.stderr.isTerminal();
  readonly #startMs = performance.now();
  readonly #timer: ReturnType<typeof setInterval>;
  #drawnMs = 0;
  #done = 0;
  #note = "";
  #isShown = false;

  /** @param total The number of steps.
   * @param unit The name of the steps, for example `"seeds"`. */
  constructor(total: number, unit: string) {
    this.#total = total;
    this.#unit = unit;
    this.#bar = new progress.SingleBar({
      format: `{bar} {value}/{total} ${unit}, {rate} a second, {left}{note}`,
      barsize: 24,
      hideCursor: true,
      clearOnComplete: true,
      stream: stderr,
    });
    this.#timer = this.#isTerminal
      ? setInterval(() => this.#draw(), REDRAWN_AFTER_MS)
      : setInterval(() => this.#log(), LOGGED_AFTER_MS);
  }

  /** Moves the bar. Work that never yields must call this often.
   *
   * @param done The number of steps that are done; one more than before if absent.
   * @param note A text after the figures. */
  update(done = this.#done + 1, note = ""): void {
    this.#done = done;
    this.#note = note === "" ? "" : `, ${note}`;
    if (this.#isTerminal) this.#draw();
  }

  /** Removes the bar until its next update, so that a line can be printed. */
  pause(): void {
    if (this.#isShown) this.#bar.stop();
    this.#isShown = false;
  }

  #log(): void {
    const left = timeLeft(performance.now() - this.#startMs, this.#done, this.#total);
    console.error(`${this.#done} of ${this.#total} ${this.#unit}, ${left}`);
  }

  #draw(): void {
    const now = performance.now();
    const elapsedMs = now - this.#startMs;
    if (elapsedMs < SHOWN_AFTER_MS || now - this.#drawnMs < REDRAWN_AFTER_MS) return;
    this.#drawnMs = now;
    const shown = {
      rate: (this.#done / elapsedMs * 1000).toPrecision(3),
      left: timeLeft(elapsedMs, this.#done, this.#total),
      note: this.#note,
    };
    if (this.#isShown) this.#bar.update(this.#done, shown);
    else this.#bar.start(this.#total, this.#done, shown);
    this.#isShown = true;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    if (this.#isShown) this.#bar.stop();
  }
}

/** Returns the time that the rest of some work takes at its pace so far, in words.
 *
 * @param elapsedMs The time of the steps that are done, in real milliseconds. */
export function timeLeft(elapsedMs: number, done: number, total: number): string {
  if (done === 0) return "time left not known yet";
  const seconds = Math.ceil(elapsedMs / 1000 * (total - done) / done);
  const minutes = Math.floor(seconds / 60);
  return minutes === 0 ? `${seconds} s left` : `${minutes} min ${seconds % 60} s left`;
}
