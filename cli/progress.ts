/**
 * A progress bar on a terminal, for what takes longer than a second. Where the
 * standard error is no terminal, there is none.
 *
 * @module
 */

import progress from "cli-progress";
import { stderr } from "node:process";

const SHOWN_AFTER_MS = 1000;

/** Shows how far some work is, until it is disposed of. */
export class Progress implements Disposable {
  readonly #bar: InstanceType<typeof progress.SingleBar>;
  readonly #timer: ReturnType<typeof setInterval>;
  #done = 0;
  #note = "";
  #isShown = false;

  /** @param total How many steps there are.
   * @param unit What a step is, for example `"seeds"`. */
  constructor(total: number, unit: string) {
    this.#bar = new progress.SingleBar({
      format: `{bar} {value}/{total} ${unit}, {rate} a second, {eta_formatted} left{note}`,
      barsize: 24,
      hideCursor: true,
      clearOnComplete: true,
      stream: stderr,
    });
    const startMs = performance.now();
    this.#timer = setInterval(() => {
      const elapsedMs = performance.now() - startMs;
      if (elapsedMs < SHOWN_AFTER_MS) return;
      const rate = (this.#done / elapsedMs * 1000).toPrecision(3);
      const shown = { rate, note: this.#note };
      if (!this.#isShown) this.#bar.start(total, this.#done, shown);
      else this.#bar.update(this.#done, shown);
      this.#isShown = true;
    }, 100);
    if (!Deno.stderr.isTerminal()) clearInterval(this.#timer);
  }

  /** Tells how far the work is.
   *
   * @param done How many steps are done.
   * @param note What else is worth saying.
   */
  update(done: number, note = ""): void {
    this.#done = done;
    this.#note = note === "" ? "" : `, ${note}`;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    if (this.#isShown) this.#bar.stop();
  }
}
