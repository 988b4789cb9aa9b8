/**
 * Watches for changes of the two files.
 *
 * @module
 */

import { fileURLToPath } from "node:url";

const FILES = ["client.ts", "server.ts"];

/** The time that an editor may take to write a file, in real milliseconds. */
const QUIET_MS = 150;

/** Watches the files of a submission until it is disposed of. */
export class FileWatch implements Disposable {
  readonly #folder: URL;
  readonly #onChange: (files: string[]) => void;
  readonly #watcher: Deno.FsWatcher;
  #texts: ReadonlyMap<string, string>;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param folder The folder that holds them; ends in a slash.
   * @param onChange Called with the names of the files that are different now. */
  constructor(folder: URL, onChange: (files: string[]) => void) {
    this.#folder = folder;
    this.#onChange = onChange;
    this.#texts = this.#read();
    this.#watcher = Deno.watchFs(fileURLToPath(folder), { recursive: false });
    void this.#follow();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#watcher.close();
  }

  async #follow(): Promise<void> {
    for await (const { paths } of this.#watcher) {
      const isOurs = paths.some((path) => FILES.includes(path.split(/[\\/]/).at(-1)!));
      if (!isOurs) continue;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#compare(), QUIET_MS);
    }
  }

  #compare(): void {
    const texts = this.#read();
    // An editor may replace a file, which is then missing for a moment.
    if (texts.size < FILES.length) return;
    const changed = FILES.filter((file) => texts.get(file) !== this.#texts.get(file));
    this.#texts = texts;
    if (changed.length > 0) this.#onChange(changed);
  }

  #read(): Map<string, string> {
    const texts = new Map<string, string>();
    for (const file of FILES) {
      try {
        texts.set(file, Deno.readTextFileSync(new URL(file, this.#folder)));
      } catch {
        // It is being replaced.
      }
    }
    return texts;
  }
}
