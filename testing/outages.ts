/**
 * Outages of servers, and the operations that wait for their end.
 *
 * @module
 */

import type { Cluster, TestClerk } from "./cluster.ts";
import { valueViolation } from "./invariants.ts";
import { type Pending, pendingViolation, startAppend, waitFor } from "./pending.ts";
import type { ShardConfig } from "./machines.ts";
import { replicasOf } from "./requirements.ts";
import { token } from "./values.ts";

/** The time in which the remaining servers have to complete an operation, even of a slow clerk. */
const PROGRESS_MS_MAX = 60_000;

/** The time for which operations on a shard that is down must wait. */
export const REJECTED_MS = 2_000;

/** The number of the first token here; a clerk's earlier tokens have lower numbers. */
const WAITING_TOKEN = 10;

/** Checks that exactly the operations on a shard wait while all its replicas are down, and that
 * they complete with the right values when the replicas are back.
 *
 * @param values The value of each key; updated here.
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

/** Takes down one server after another, each for a moment, until a promise is settled.
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
