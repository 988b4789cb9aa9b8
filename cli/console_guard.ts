/**
 * Keeps a command running if its output cannot be written, for example because the disk is
 * full, or because the program that read it has ended. Its files are written nevertheless, and
 * it says so at the end instead of breaking off with a stack.
 *
 * @module
 */

import { format } from "node:util";

/** A stream that takes some of what it is given. */
interface Stream {
  writeSync(bytes: Uint8Array): number;
}

/** The console of a process, which never fails. */
export class ConsoleGuard {
  #problem: string | undefined;

  /** Replaces the runtime's own writing, which says nothing if nobody reads any more, and throws
   * if a disk is full. */
  constructor() {
    console.log = (...words) => this.#write(Deno.stdout, words);
    console.error = (...words) => this.#write(Deno.stderr, words);
  }

  /** The reason why something could not be written; `undefined` if all was. */
  get problem(): string | undefined {
    return this.#problem;
  }

  #write(stream: Stream, words: readonly unknown[]): void {
    try {
      const bytes = new TextEncoder().encode(`${format(...words)}\n`);
      for (let done = 0; done < bytes.length;) done += stream.writeSync(bytes.subarray(done));
    } catch (error) {
      this.#problem ??= (error as Error).message;
    }
  }
}
