/**
 * The text that a submission prints, up to a limit. Printing beyond the limit costs next to nothing.
 *
 * @module
 */

/** The number of characters after which lines are sent. */
const PIECE_LENGTH = 4_000;

/** Collects lines of text. */
export class PrintedText {
  readonly #send: (text: string, isCut: boolean) => void;
  #lengthLeft: number;
  #isCut = false;
  #lines: string[] = [];
  #length = 0;

  /** @param lengthMax The number of characters that are sent in all.
   * @param send Receives lines; `isCut` is true if more was printed than the limit allows. */
  constructor(lengthMax: number, send: (text: string, isCut: boolean) => void) {
    this.#lengthLeft = lengthMax;
    this.#send = send;
  }

  /** Adds a line.
   *
   * @returns False if nothing after it is passed on. */
  print(line: string): boolean {
    if (this.#isCut) return false;
    this.#isCut = line.length >= this.#lengthLeft;
    const kept = this.#isCut ? line.slice(0, this.#lengthLeft) : line;
    this.#lengthLeft -= kept.length + 1;
    this.#length += kept.length + 1;
    this.#lines.push(kept);
    if (this.#isCut || this.#length > PIECE_LENGTH) this.flush();
    return !this.#isCut;
  }

  /** Sends the lines that were not sent yet. */
  flush(): void {
    if (this.#lines.length === 0) return;
    const text = this.#lines.map((line) => `${line}\n`).join("");
    this.#lines = [];
    this.#length = 0;
    this.#send(text, this.#isCut);
  }
}
