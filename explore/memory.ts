/**
 * What a server keeps of clerks that have gone on: measured from outside, by a workload
 * of large values and the size of the heap after it.
 *
 * Each clerk writes a large value, has it returned, and makes small requests after that,
 * which imply that it saw the reply before. A server that frees its table of duplicates
 * then keeps next to nothing.
 *
 * It runs on a thread of its own: collecting garbage takes the longer the more there
 * is on the heap besides, and under the test runner that is much.
 *
 * @module
 */

import { setFlagsFromString } from "node:v8";
import { setImmediate as realImmediate } from "node:timers";
import { runInNewContext } from "node:vm";
import { type Config, makeShardConfig } from "../config.ts";
import type { Operation } from "../linearizability/mod.ts";
import type { ClusterSize } from "./candidates.ts";
import { type Retained, VALUE_BYTES } from "./retained.ts";

const CLERKS = 20;

/** After how many collections the heap is taken to be as small as it gets. */
const COLLECTIONS = 3;

/** Measures what each server of a cluster keeps. */
export async function measureRetained(
  { nservers, nreplicas }: ClusterSize,
): Promise<Retained[]> {
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  const heapBytes = async () => {
    let leastBytes = Infinity;
    for (let i = 0; i < COLLECTIONS; i++) {
      // What a turn of the event loop still holds, and code that has grown old, goes later.
      await new Promise((resolve) => realImmediate(resolve));
      collect();
      leastBytes = Math.min(leastBytes, Deno.memoryUsage().heapUsed);
    }
    return leastBytes;
  };
  await using cfg = makeShardConfig({
    name: "memory",
    run: { seed: 1, clock: "virtual", network: "unreliable" },
  }, { nservers, nreplicas, unreliable: false });
  // Whatever is made once is made before.
  await work(cfg, 0, nservers);
  const retained: Retained[] = [];
  for (let server = 0; server < nservers; server++) {
    const before = await heapBytes();
    for (let clerk = 1; clerk <= CLERKS; clerk++) await work(cfg, server, nservers, clerk);
    const reader = cfg.makeClient();
    await reader.put(String(server), "");
    forget(cfg);
    retained.push({ server, bytesPerClerk: (await heapBytes() - before) / CLERKS });
  }
  return retained;
}

/** One clerk uses one server, and goes on. */
async function work(cfg: Config, server: number, nservers: number, number = 0): Promise<void> {
  const clerk = cfg.makeClient();
  await clerk.put(String(server), largeValue(number));
  await clerk.append(String(server), "+");
  // The next request may be a get, but not every table knows those.
  await clerk.get(String(server + nservers));
  await clerk.put(String(server + nservers), "");
  cfg.deleteClient(clerk);
  forget(cfg);
}

/** A text like no other, which shares no memory with any. */
function largeValue(number: number): string {
  return new TextDecoder().decode(new Uint8Array(VALUE_BYTES).fill(48 + number));
}

/** The history holds every value; it is not wanted here. */
function forget({ history }: Config): void {
  (history.operations as Operation[]).length = 0;
}
