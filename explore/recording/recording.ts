/**
 * A recording of one run: every event with its arguments or reply, the output of the submission, and
 * the history. It is plain data, so that it can leave the process of the run. Recording does not
 * change the digest of a run.
 *
 * @module
 */

import type { Run } from "../../config.ts";
import { cutMiddle, type History } from "../../linearizability/mod.ts";
import { currentChance } from "../../sim/mod.ts";
import type { TraceEvent } from "../../testing/trace_event.ts";

/** An event or a line of output. */
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

/** A time in which no clerk reached a server, although the test did not stop it. */
export interface Outage {
  server: number;
  startMs: number;
  endMs: number;
}

/** A recorded run. */
export interface Recording {
  /** In order of time. */
  entries: Entry[];
  history: History;
  outages: Outage[];
}

/** The number of characters to which longer texts are cut. */
export const TEXT_LENGTH_MAX = 800;

/** Returns the arguments or the reply of a message as JSON text of a readable length. */
export function carriedText(carried: unknown): string {
  return cutMiddle(JSON.stringify(carried), TEXT_LENGTH_MAX);
}

/** Records one run. */
export class Recorder {
  readonly #entries: Entry[] = [];
  readonly #onEntry: (entry: Entry) => void;
  #config: Run | undefined;

  /** @param onEntry Receives each entry immediately, since a run may never end. */
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

  /** Adds a text that the submission printed. */
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
