/**
 * A recording of one run: every event with what it carried, what the submission
 * printed, and the history. Plain data, so that it can leave the process of the run.
 *
 * Recording changes nothing of the run: it has the digest that it has without.
 *
 * @module
 */

import type { Config } from "../config.ts";
import type { History } from "../linearizability/mod.ts";
import type { TraceEvent } from "../sim/mod.ts";

/** One thing that happened. */
export type Entry = TracedEntry | { atMs: number; printed: string };

/** An event of the trace. */
export interface TracedEntry {
  /** When, in virtual milliseconds. */
  atMs: number;
  event: TraceEvent;
  /** What was sent or replied, as JSON text of a readable length. */
  carried?: string;
}

/** A moment in which no clerk reached a server although nobody stopped it. */
export interface Outage {
  server: number;
  startMs: number;
  endMs: number;
}

/** What is known of a run afterwards. */
export interface Recording {
  /** In the order in which it happened. */
  entries: Entry[];
  history: History;
  outages: Outage[];
}

/** Longer texts are cut in the middle, to this many characters at either end. */
const TEXT_END_LENGTH = 400;

/** Records one run. */
export class Recorder {
  readonly #entries: Entry[] = [];
  readonly #onEntry: (entry: Entry) => void;
  #config: Config | undefined;

  /** @param onEntry Told at once what happens: a run may never come to its end. */
  constructor(onEntry: (entry: Entry) => void = () => {}) {
    this.#onEntry = onEntry;
  }

  /** What a test gets as its hooks. */
  readonly hooks = {
    started: (config: Config): void => void (this.#config = config),
    listener: (event: TraceEvent, atMs: number, carried: unknown): void => {
      const entry: TracedEntry = { atMs, event };
      if (carried !== undefined) entry.carried = cutMiddle(JSON.stringify(carried));
      this.#add(entry);
    },
  };

  /** Adds what the submission printed. */
  print(text: string): void {
    this.#add({ atMs: this.#config?.now() ?? 0, printed: cutMiddle(text) });
  }

  #add(entry: Entry): void {
    this.#entries.push(entry);
    this.#onEntry(entry);
  }

  /** What was recorded so far. */
  get recording(): Recording {
    return {
      entries: this.#entries,
      history: this.#config?.history ?? { model: "kv", operations: [] },
      outages: this.#config?.flaps() ?? [],
    };
  }
}

/** Cuts a long text in the middle. */
export function cutMiddle(text: string): string {
  const cut = text.length - 2 * TEXT_END_LENGTH;
  if (cut <= 0) return text;
  const [start, end] = [text.slice(0, TEXT_END_LENGTH), text.slice(-TEXT_END_LENGTH)];
  return `${start} …${cut} more characters… ${end}`;
}
