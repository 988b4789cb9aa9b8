/**
 * Servers that clerks cannot reach, and the operations that wait for them.
 *
 * @module
 */

import type { Cluster, TestClerk } from "./cluster.ts";
import { valueViolation } from "./invariants.ts";
import { type Pending, pendingViolation, startAppend, waitFor } from "./pending.ts";
import type { ShardConfig } from "./machines.ts";
import { replicasOf } from "./requirements.ts";
import { token } from "./values.ts";

/** The time that the servers that are left may take to get something done, also for a slow
 * clerk. */
const PROGRESS_MS_MAX = 60_000;

/** The time for which operations are watched that have to wait. */
export const REJECTED_MS = 2_000;

/** The number of the first token that a clerk writes here: its earlier ones have lower numbers. */
const WAITING_TOKEN = 10;

/** Without all replicas of a shard, exactly its keys have to wait. When the replicas are back,
 * the appends to them complete with the right values.
 *
 * @param values What each key holds; brought up to date.
 * @param writers At least as many clerks as there are keys. */
export async function expectShardToWait(
  cluster: Cluster,
  size: ShardConfig,
  shard: number,
  values: Map<string, string>,
  writers: readonly TestClerk[],
): Promise<void> {
  const replicas = replicasOf(shard, size);
  for (const server of replicas) cluster.stopServer(server);
  const appends = [...values].map(([key, before], i) => {
    const writer = writers[i]!;
    const added = token(writer.id, WAITING_TOKEN + shard);
    values.set(key, before + added);
    return { before, append: startAppend(writer, key, added) };
  });
  await cluster.sleep(REJECTED_MS);
  const isOnShard = ({ request }: Pending) => Number(request.key) % size.nservers === shard;
  const all = appends.map(({ append }) => append);
  const [waiting, served] = [all.filter(isOnShard), all.filter((each) => !isOnShard(each))];
  for (const append of served) await waitFor(cluster, append, PROGRESS_MS_MAX);
  cluster.check(pendingViolation(waiting, served));

  for (const server of replicas) cluster.startServer(server);
  for (const { before, append } of appends) {
    cluster.check(valueViolation(append.request, before, await append.result));
  }
}

/** Takes one server after the other down, each for a moment, until something is over.
 *
 * @param next Chooses the server, and how many milliseconds it is down and then up. */
export async function flap(
  cluster: Cluster,
  until: Promise<unknown>,
  next: () => { server: number; downMs: number; upMs: number },
): Promise<void> {
  let over = false;
  until.then(() => over = true, () => over = true);
  const endMs = cluster.now() + PROGRESS_MS_MAX;
  while (!over && cluster.now() < endMs) {
    const { server, downMs, upMs } = next();
    cluster.stopServer(server);
    await cluster.sleep(downMs);
    cluster.startServer(server);
    await cluster.sleep(upMs);
  }
}
