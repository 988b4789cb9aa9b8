/**
 * The memory that a server keeps for finished clerks, measured by the size of the heap after a
 * workload of large values.
 *
 * Each clerk writes a large value, appends to it through a backup, which replies with the value, and
 * then makes small requests, which imply that it saw the reply. A server that frees its table of
 * duplicates keeps almost nothing.
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

/** The memory that one server keeps for finished clerks. */
export interface Retained {
  server: number;
  bytesPerClerk: number;
}

/** The size of each value in bytes. */
const VALUE_BYTES = 100_000;

/** The number of clerks that use each server. */
const CLERKS = 20;

/** The longest time for which the first server is down, in virtual milliseconds. */
const OUTAGE_MS = 1000;

/** The time before memory is measured, in virtual milliseconds: pending timers hold values, and a
 * table may free its entries after a minute. */
const SETTLE_MS = 65_000;
const SETTLE_STEP_MS = 5_000;

/** A server that keeps more than this share of a clerk's value never frees it, or frees it only
 * after some kinds of requests. */
const KEPT_SHARE_MAX = 0.25;

/** Measures what each server of a cluster keeps. If that is too much, a second measurement counts:
 * the engine's optimized code and caches, which it may allocate at any moment, count only once.
 *
 * @param makeCluster Makes a new cluster in simulated time. */
export async function measureRetained(
  makeCluster: () => Promise<Cluster>,
  nservers: number,
): Promise<Retained[]> {
  const retained = await measureOnce(makeCluster, nservers);
  if (retainedHint(retained) === undefined) return retained;
  return await measureOnce(makeCluster, nservers);
}

async function measureOnce(
  makeCluster: () => Promise<Cluster>,
  nservers: number,
): Promise<Retained[]> {
  await using cluster = await makeCluster();
  // The first use also allocates what stays once, and the engine's optimized code: almost as
  // much as a server may keep.
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

/** Describes the memory that servers keep, in one line. */
export function retainedLine(retained: readonly Retained[]): string {
  const kilobytes = ({ bytesPerClerk }: Retained) => Math.max(0, bytesPerClerk / 1000).toFixed(0);
  const each = retained.map((kept) => `${serverName(kept.server)}: ${kilobytes(kept)} KB`).join(
    ", ",
  );
  return `Memory kept per finished clerk, which wrote ${VALUE_BYTES / 1000} KB: ${each}`;
}

/** Returns the hint for servers that never free memory; `undefined` if all of them do. */
export function retainedHint(retained: readonly Retained[]): string | undefined {
  const isKept = ({ bytesPerClerk }: Retained) => bytesPerClerk > KEPT_SHARE_MAX * VALUE_BYTES;
  return retained.some(isKept) ? HINTS.neverFrees : undefined;
}

/** Returns the size of the heap in bytes after a garbage collection. */
async function heapBytes(): Promise<number> {
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  // The current turn of the event loop still holds objects.
  await new Promise((resolve) => realImmediate(resolve));
  collect();
  return Deno.memoryUsage().heapUsed;
}

/** Lets many clerks use one server in sequence, and makes its key small again. */
async function useServer(
  cluster: Cluster,
  server: number,
  nservers: number,
): Promise<void> {
  for (let clerk = 1; clerk <= CLERKS; clerk++) await work(cluster, server, nservers, clerk);
  const last = cluster.makeClient();
  await last.put(String(server), "");
  for (let waitedMs = 0; waitedMs < SETTLE_MS; waitedMs += SETTLE_STEP_MS) {
    await cluster.sleep(SETTLE_STEP_MS);
    // Without an operation, servers that poll would count as a livelock.
    await last.get(String(server));
  }
  cluster.forget();
}

/** Lets one clerk use one server, and finish. */
async function work(
  cluster: Cluster,
  server: number,
  nservers: number,
  number: number,
): Promise<void> {
  const clerk = cluster.makeClient();
  await clerk.put(String(server), largeValue(number));
  // The backup gets no more requests of this clerk. A clerk that asks no backup waits until the
  // first server is back.
  cluster.stopServer(server);
  const append = startAppend(clerk, String(server), "+");
  await waitFor(cluster, append, OUTAGE_MS);
  cluster.startServer(server);
  await append.result;
  // The next request is a get, which not every table records.
  await clerk.get(String(server + nservers));
  const other = String(server + nservers);
  await (number % 2 === 0 ? clerk.put(other, "") : clerk.append(other, ""));
  cluster.deleteClient(clerk);
  cluster.forget();
}

/** Makes a large text that shares no memory with another one. */
function largeValue(number: number): string {
  return new TextDecoder().decode(new Uint8Array(VALUE_BYTES).fill(48 + number));
}
