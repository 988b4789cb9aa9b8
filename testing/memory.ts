/**
 * The memory that a server keeps for clerks that have gone on, measured from outside by a workload
 * of large values and the size of the heap after it.
 *
 * Each clerk writes a large value, has it returned through a backup, and makes small
 * requests after that, which imply that it saw the reply before. A server that frees its table
 * of duplicates then keeps next to nothing.
 *
 * @module
 */

import { setImmediate as realImmediate } from "node:timers";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Cluster } from "./cluster.ts";
import { HINTS } from "./hints.ts";
import { serverName } from "./names.ts";
import { startAppend, waitFor } from "./pending.ts";

/** The memory that one server keeps for clerks that have gone on. */
export interface Retained {
  server: number;
  bytesPerClerk: number;
}

/** The size of the values that the clerks write, in bytes. */
const VALUE_BYTES = 100_000;

/** The number of clerks that use each server. */
const CLERKS = 20;

/** The longest time for which the first server is down, in virtual milliseconds. */
const OUTAGE_MS = 1000;

/** The time after which nothing is in flight any more, in virtual milliseconds. */
const SETTLE_MS = 1000;

/** A server that keeps more than this share of what a clerk wrote never frees it, or only as
 * the clerk goes on with one kind of write. */
const KEPT_SHARE_MAX = 0.25;

/** Measures what each server of a cluster keeps.
 *
 * @param makeCluster Makes a cluster in simulated time that nobody else uses. */
export async function measureRetained(
  makeCluster: () => Promise<Cluster>,
  nservers: number,
): Promise<Retained[]> {
  await using cluster = await makeCluster();
  // What is made once, and what the engine keeps of code that gets warm, is made before: it
  // is almost as much as a server may keep.
  await useServer(cluster, 0, nservers);
  const retained: Retained[] = [];
  let beforeBytes = await heapBytes();
  for (let server = 0; server < nservers; server++) {
    await useServer(cluster, server, nservers);
    const bytes = await heapBytes();
    retained.push({ server, bytesPerClerk: (bytes - beforeBytes) / CLERKS });
    beforeBytes = bytes;
  }
  return retained;
}

/** Says what servers keep, in one line. */
export function retainedLine(retained: readonly Retained[]): string {
  const kilobytes = ({ bytesPerClerk }: Retained) => Math.max(0, bytesPerClerk / 1000).toFixed(0);
  const each = retained.map((kept) => `${serverName(kept.server)}: ${kilobytes(kept)} KB`).join(
    ", ",
  );
  return `Memory kept per finished clerk, which wrote ${VALUE_BYTES / 1000} KB: ${each}`;
}

/** The hint for whoever never frees what they keep.
 *
 * @returns `undefined` if every server does.
 */
export function retainedHint(retained: readonly Retained[]): string | undefined {
  const isKept = ({ bytesPerClerk }: Retained) => bytesPerClerk > KEPT_SHARE_MAX * VALUE_BYTES;
  return retained.some(isKept) ? HINTS.neverFrees : undefined;
}

/** Returns the size of the heap in bytes after garbage is collected. */
async function heapBytes(): Promise<number> {
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  // What a turn of the event loop still holds goes after it.
  await new Promise((resolve) => realImmediate(resolve));
  collect();
  return Deno.memoryUsage().heapUsed;
}

/** Many clerks use one server, one after another; its key is small again after that. */
async function useServer(
  cluster: Cluster,
  server: number,
  nservers: number,
): Promise<void> {
  for (let clerk = 1; clerk <= CLERKS; clerk++) await work(cluster, server, nservers, clerk);
  await cluster.makeClient().put(String(server), "");
  // Messages in flight still hold values.
  await cluster.sleep(SETTLE_MS);
  cluster.forget();
}

/** One clerk uses one server, and goes on. */
async function work(
  cluster: Cluster,
  server: number,
  nservers: number,
  number: number,
): Promise<void> {
  const clerk = cluster.makeClient();
  await clerk.put(String(server), largeValue(number));
  // Through a backup, which hears nothing of this clerk after that. A clerk that asks no
  // backup waits until the first server is back.
  cluster.stopServer(server);
  const append = startAppend(clerk, String(server), "+");
  await waitFor(cluster, append, OUTAGE_MS);
  cluster.startServer(server);
  await append.result;
  // The next request may be a get, but not every table knows those.
  await clerk.get(String(server + nservers));
  const other = String(server + nservers);
  await (number % 2 === 0 ? clerk.put(other, "") : clerk.append(other, ""));
  cluster.deleteClient(clerk);
  cluster.forget();
}

/** A text like no other, which shares no memory with any. */
function largeValue(number: number): string {
  return new TextDecoder().decode(new Uint8Array(VALUE_BYTES).fill(48 + number));
}
