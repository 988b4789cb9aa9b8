/**
 * A recording of one run: every event with what it carried, what the submission
 * printed, and the history. Plain data, so that it can leave the process of the run.
 *
 * Recording changes nothing of the run: it has the digest that it has without.
 *
 * @module
 */

import type { Run } from "../../config.ts";
import { cutMiddle, type History } from "../../linearizability/mod.ts";
import { currentChance } from "../../sim/mod.ts";
import type { TraceEvent } from "../../testing/trace_event.ts";

/** One thing that happened. */
export type Entry = TracedEntry | PrintedEntry;

/** A text that a clerk or a server printed. */
export interface PrintedEntry {
  atMs: number;
  printed: string;
  /** The machine that printed it; absent for code outside of both classes. */
  machine?: string;
}

/** An event of the trace. */
export interface TracedEntry {
  /** The time of the event, in virtual milliseconds. */
  atMs: number;
  event: TraceEvent;
  /** The arguments or the reply, as JSON text of a readable length. */
  carried?: string;
}

/** A moment in which no clerk reached a server although nobody stopped it. */
export interface Outage {
  server: number;
  startMs: number;
  endMs: number;
}

/** A recorded run. */
export interface Recording {
  /** In the order in which it happened. */
  entries: Entry[];
  history: History;
  outages: Outage[];
}

/** Longer texts are cut in the middle, to this many characters. */
export const TEXT_LENGTH_MAX = 800;

/** Returns what a message carried as JSON text of a readable length. */
export function carriedText(carried: unknown): string {
  return cutMiddle(JSON.stringify(carried), TEXT_LENGTH_MAX);
}

/** Records one run. */
export class Recorder {
  readonly #entries: Entry[] = [];
  readonly #onEntry: (entry: Entry) => void;
  #config: Run | undefined;

  /** @param onEntry Receives each entry at once, since a run may never end. */
  constructor(onEntry: (entry: Entry) => void = () => {}) {
    this.#onEntry = onEntry;
  }

  /** The hooks to pass to the test. */
  readonly hooks = {
    started: (config: Run): void => void (this.#config = config),
    listener: (event: TraceEvent, atMs: number, carried: unknown): void => {
      const carriedThen = carried !== undefined && { carried: carriedText(carried) };
      this.#add({ atMs, event, ...carriedThen });
    },
  };

  /** Adds what the submission printed. */
  print(text: string): void {
    const machine = currentChance()?.machine;
    const printed = cutMiddle(text, TEXT_LENGTH_MAX);
    this.#add({ atMs: this.#config?.now() ?? 0, printed, ...machine !== undefined && { machine } });
  }

  #add(entry: Entry): void {
    this.#entries.push(entry);
    this.#onEntry(entry);
  }

  /** The recording so far. */
  get recording(): Recording {
    return {
      entries: this.#entries,
      history: this.#config?.history ?? { model: "kv", operations: [] },
      outages: this.#config?.flaps() ?? [],
    };
  }
}
