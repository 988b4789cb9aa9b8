/**
 * Keeps a command running if it cannot print, because the disk is full or the reader of its output
 * has ended. It still writes its files, and says so at the end.
 *
 * @module
 */

import { format } from "node:util";
import { systemReason } from "./system_reason.ts";

/** A console that never fails. */
export class ConsoleGuard {
  #problem: string | undefined;

  /** Replaces the console of the runtime, which ignores a closed pipe and throws if a disk is full. */
  constructor() {
    console.log = (...words) => this.#write(Deno.stdout, words);
    console.error = (...words) => this.#write(Deno.stderr, words);
  }

  /** The reason that something could not be printed; `undefined` if all was. */
  get problem(): string | undefined {
    return this.#problem;
  }

  #write(stream: typeof Deno.stdout | typeof Deno.stderr, words: readonly unknown[]): void {
    try {
      const bytes = new TextEncoder().encode(`${format(...words)}\n`);
      for (let done = 0; done < bytes.length;) done += stream.writeSync(bytes.subarray(done));
    } catch (error) {
      this.#problem ??= systemReason(error);
    }
  }
}
