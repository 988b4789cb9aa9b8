/**
 * Finds the line of a loop that never yields: the sampler of V8 sees where code is, and the
 * loop is ended after a while.
 *
 * It needs a permission, which only the process gets that repeats a run to find the loop. No
 * realm can reach it.
 *
 * @module
 */

import inspector from "node:inspector";
import type { Bundle } from "../realm/bundle.ts";
import { originalLine } from "../realm/source_positions.ts";

/** The time between two samples, in microseconds. */
const SAMPLE_US = 1000;

/** Only the last samples count, in microseconds: before the loop the run did other things. */
const LAST_US = 200_000;

/** The share of the last samples that a loop takes at least: following promises takes time
 * besides what a loop of them does. */
const SHARE_MIN = 0.2;

/** One function of a profile, as called from one place. */
interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly url: string; readonly lineNumber: number };
  readonly children?: readonly number[];
  /** The number of samples at each line, from 1. */
  readonly positionTicks?: readonly { readonly line: number; readonly ticks: number }[];
}

/** A profile: where code was at each sample. */
interface Profile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Looks at what runs from now on. */
export class LoopFinder {
  readonly #session = new inspector.Session();

  constructor() {
    this.#session.connect();
    this.#session.post("Profiler.enable");
    this.#session.post("Profiler.setSamplingInterval", { interval: SAMPLE_US });
    this.#session.post("Profiler.start");
  }

  /** Stops looking, and returns the line at which the submission has been most of the time
   * lately, for example `"server.ts:12"`; `undefined` if something else was at work.
   *
   * @param bundle The submission. */
  async lineOf(bundle: Bundle): Promise<string | undefined> {
    const { promise, resolve } = Promise.withResolvers<Profile | undefined>();
    this.#session.post("Profiler.stop", (error: unknown, result: { profile: Profile }) => {
      resolve(error ? undefined : result.profile);
    });
    const profile = await promise;
    this.#session.disconnect();
    return profile && busiestLine(profile, bundle);
  }
}

function busiestLine({ nodes, samples, timeDeltas }: Profile, bundle: Bundle): string | undefined {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const callers = new Map(
    nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node] as const)),
  );
  const counts = new Map<ProfileNode, number>();
  let leftUs = LAST_US;
  let looked = 0;
  for (let i = samples.length - 1; i >= 0 && leftUs > 0; i--) {
    leftUs -= timeDeltas[i]!;
    looked++;
    // A loop may be in a function of the language at that moment.
    let node = byId.get(samples[i]!);
    while (node !== undefined && !node.callFrame.url.startsWith("kvlab:")) {
      node = callers.get(node.id);
    }
    if (node !== undefined) counts.set(node, (counts.get(node) ?? 0) + 1);
  }
  const [busiest, count = 0] = [...counts].sort(([, one], [, other]) => other - one)[0] ?? [];
  if (busiest === undefined || count < SHARE_MIN * looked) return undefined;
  const [tick] = (busiest.positionTicks ?? []).toSorted((one, other) => other.ticks - one.ticks);
  const { url, lineNumber } = busiest.callFrame;
  return originalLine(url, tick?.line ?? lineNumber + 1, bundle);
}
