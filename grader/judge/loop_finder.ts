/**
 * Finds the line of a loop that never yields, with V8's sampling profiler.
 *
 * The profiler needs a permission, which only the process that looks for a loop gets. No realm can
 * reach it.
 *
 * @module
 */

import inspector from "node:inspector";
import type { Bundle } from "../realm/bundle.ts";
import { originalLine } from "../realm/source_positions.ts";

/** The time between two samples, in microseconds. */
const SAMPLE_US = 1000;

/** The time before the end in which samples count, in microseconds. Earlier, the run did other
 * things. */
const LAST_US = 200_000;

/** The smallest share of these samples for a loop. In a loop of promises, V8 itself takes the
 * rest. */
const SHARE_MIN = 0.2;

/** A function in a profile, called from one place. */
interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly url: string; readonly lineNumber: number };
  readonly children?: readonly number[];
  /** The number of samples at each line. Lines count from 1. */
  readonly positionTicks?: readonly { readonly line: number; readonly ticks: number }[];
}

/** A profile: the function that ran at each sample. */
interface Profile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Profiles the code of this process from its construction on. */
export class LoopFinder {
  readonly #session = new inspector.Session();

  constructor() {
    this.#session.connect();
    this.#session.post("Profiler.enable");
    this.#session.post("Profiler.setSamplingInterval", { interval: SAMPLE_US });
    this.#session.post("Profiler.start");
  }

  /** Stops the profiler.
   *
   * @returns The busiest line of the submission, for example `"server.ts:12"`; `undefined` if other
   * code was busier. */
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
  let sampled = 0;
  for (let i = samples.length - 1; i >= 0 && leftUs > 0; i--) {
    leftUs -= timeDeltas[i]!;
    sampled++;
    // The loop may be calling a function of the language.
    let node = byId.get(samples[i]!);
    while (node !== undefined && !node.callFrame.url.startsWith("kvlab:")) {
      node = callers.get(node.id);
    }
    if (node !== undefined) counts.set(node, (counts.get(node) ?? 0) + 1);
  }
  const [busiest, count = 0] = [...counts].sort(([, one], [, other]) => other - one)[0] ?? [];
  if (busiest === undefined || count < SHARE_MIN * sampled) return undefined;
  const [tick] = (busiest.positionTicks ?? []).toSorted((one, other) => other.ticks - one.ticks);
  const { url, lineNumber } = busiest.callFrame;
  return originalLine(url, tick?.line ?? lineNumber + 1, bundle);
}
