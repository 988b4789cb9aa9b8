/**
 * What a submission prints: passed on up to a limit. Printing beyond it costs next to
 * nothing and changes nothing.
 *
 * @module
 */

/** Pieces are passed on once they have this many characters together. */
const PIECE_LENGTH = 4_000;

/** Collects lines of text. */
export class PrintedText {
  readonly #send: (text: string, isCut: boolean) => void;
  #room: number;
  #isCut = false;
  #lines: string[] = [];
  #length = 0;

  /** @param lengthMax How many characters are passed on in all.
   * @param send Receives one or more whole lines, and whether there was more than fits. */
  constructor(lengthMax: number, send: (text: string, isCut: boolean) => void) {
    this.#room = lengthMax;
    this.#send = send;
  }

  /** Adds a line.
   *
   * @returns False if nothing after it is passed on. */
  print(line: string): boolean {
    if (this.#isCut) return false;
    this.#isCut = line.length >= this.#room;
    const kept = this.#isCut ? line.slice(0, this.#room) : line;
    this.#room -= kept.length + 1;
    this.#length += kept.length + 1;
    this.#lines.push(kept);
    if (this.#isCut || this.#length > PIECE_LENGTH) this.flush();
    return !this.#isCut;
  }

  /** Passes on what was not passed on yet. */
  flush(): void {
    if (this.#lines.length === 0) return;
    const text = this.#lines.map((line) => `${line}\n`).join("");
    this.#lines = [];
    this.#length = 0;
    this.#send(text, this.#isCut);
  }
}
