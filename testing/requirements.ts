/**
 * The requirements of the assignment that the seven tests cannot see: each is measured
 * from the messages of a reliable cluster alone, so that every encoding and every way to
 * replicate counts.
 *
 * A requirement does not fail a test. A submission that forwards everything to the first
 * server of a shard passes all seven without replicating anything.
 *
 * @module
 */

import { spreadViolation } from "./invariants.ts";
import type { Cluster } from "./cluster.ts";
import type { ClusterOptions, Machines, ShardConfig } from "./machines.ts";
import { measureRetained, type Retained, retainedHint } from "./memory.ts";
import { clerkName, endsOf, serverName } from "./names.ts";
import type { TestHandle } from "./run_hooks.ts";
import type { RunOptions } from "./run_options.ts";
import type { TraceListener } from "./trace_event.ts";
import { token } from "./values.ts";

/** The requirements, in the order in which they are told. */
export const REQUIREMENTS = [
  "replicates",
  "asks the first server first",
  "shares the work",
  "frees memory",
] as const;
/** The name of a requirement. */
export type RequirementName = typeof REQUIREMENTS[number];

/** The observation behind a requirement that is not met, so that a report can be defended. */
export const UNMET: Readonly<Record<RequirementName, string>> = {
  "replicates": "a write to an idle cluster of 5 servers was followed by 2 s in which not every " +
    "one of the 3 replicas of its shard sent or got a message",
  "asks the first server first": "a new clerk sent its first request to a server that is not " +
    "the first of the key's shard",
  "shares the work": "requests for 12 keys did not reach 3 servers in even shares",
  "frees memory": "a server kept more than 25 KB of the 100 KB that a clerk had written, " +
    "although the key was small again and the clerk had gone on",
};

/** A requirement and the result of its measurement. */
export interface Requirement {
  readonly name: RequirementName;
  readonly isMet: boolean;
}

/** The results of all measurements. */
export interface Measured {
  readonly requirements: Requirement[];
  /** The memory that each server keeps for clerks that have gone on. */
  readonly retained: Retained[];
}

/** Returns the servers that hold a shard, the first one first. */
export function replicasOf(shard: number, { nservers, nreplicas }: ShardConfig): number[] {
  return Array.from({ length: nreplicas }, (_, i) => (shard + i) % nservers);
}

/** Makes a reliable cluster in simulated time that nobody else uses.
 *
 * @param listener Sees each message as it is sent. */
export type MakeMeasured = (
  size: ShardConfig,
  listener?: TraceListener,
) => Promise<Cluster>;

/** Makes a cluster of a size; `makeShardConfig` does. */
export type MakeShardConfig = (
  t: TestHandle,
  options: ClusterOptions,
) => Cluster;

/** Returns a function that makes clusters for measurements, which print nothing.
 *
 * @param run The options of their runs.
 * @param makeMachines Makes the machines of each cluster; without it, they are those of the
 * lab. */
export function measuredBy(
  makeShardConfig: MakeShardConfig,
  run: RunOptions,
  makeMachines?: () => Machines | Promise<Machines>,
): MakeMeasured {
  return async (size, listener) => {
    const machines = await makeMachines?.();
    const hooks = { print() {}, ...machines && { machines }, ...listener && { listener } };
    const test = { name: "requirements", run, hooks };
    return makeShardConfig(test, { ...size, unreliable: false });
  };
}

/** The time after a write in which each replica has to hear of it, in virtual milliseconds. */
const REPLICATION_MS_MAX = 2000;

/** Large enough that some servers are no replica of a shard. */
const LARGE: ShardConfig = { nservers: 5, nreplicas: 3 };

/** As in TestStaticShards. */
const SMALL: ShardConfig = { nservers: 3, nreplicas: 2 };

/** Measures all requirements of the submission that a cluster runs.
 *
 * @throws {Error} The submission fails before it can be measured. */
export async function measureRequirements(makeCluster: MakeMeasured): Promise<Measured> {
  const retained = await measureRetained(() => makeCluster(SMALL), SMALL.nservers);
  const isFreed = retainedHint(retained) === undefined;
  const requirements = await measureMessages(makeCluster);
  return { requirements: [...requirements, { name: "frees memory", isMet: isFreed }], retained };
}

/** Measures the requirements that can be seen in messages, which takes a tenth of the time
 * that memory takes.
 *
 * @throws {Error} The submission fails before it can be measured. */
export async function measureMessages(makeCluster: MakeMeasured): Promise<Requirement[]> {
  return [
    { name: "replicates", isMet: await replicates(makeCluster) },
    { name: "asks the first server first", isMet: await asksFirstServerFirst(makeCluster) },
    { name: "shares the work", isMet: await sharesWork(makeCluster) },
  ];
}

/** Says which requirements are met, in one line. */
export function requirementsLine(
  requirements: readonly { name: string; isMet: boolean }[],
): string {
  const each = requirements.map(({ name, isMet }) => `${name}: ${isMet ? "yes" : "no"}`);
  return `Requirements of the assignment: ${each.join(", ")}`;
}

/** Two writes to a fresh key of each shard in an idle cluster: soon after each, every replica
 * of the shard took part in an RPC, whatever that carried. */
async function replicates(makeCluster: MakeMeasured): Promise<boolean> {
  const { nservers } = LARGE;
  const involved = new Set<string>();
  await using cluster = await makeCluster(LARGE, (event) => {
    if (event.kind !== "sent") return;
    for (const machine of endsOf(event.end)) involved.add(machine);
  });
  const clerk = cluster.makeClient();
  for (let write = 0; write < 2 * nservers; write++) {
    const shard = Math.floor(write / 2);
    const endMs = cluster.now() + REPLICATION_MS_MAX;
    involved.clear();
    await clerk.put(String(nservers + shard), token(clerk.id, write));
    await cluster.sleep(endMs - cluster.now());
    const replicas = replicasOf(shard, LARGE).map(serverName);
    if (!replicas.every((server) => involved.has(server))) return false;
  }
  return true;
}

/** The first request of a new clerk goes to the first server of the key's shard. */
async function asksFirstServerFirst(makeCluster: MakeMeasured): Promise<boolean> {
  const { nservers } = LARGE;
  const firstEnds = new Map<string, string>();
  await using cluster = await makeCluster(LARGE, (event) => {
    if (event.kind !== "sent") return;
    const [from, to] = endsOf(event.end);
    if (!firstEnds.has(from)) firstEnds.set(from, to);
  });
  for (let key = nservers; key < 3 * nservers; key++) {
    const clerk = cluster.makeClient();
    await clerk.append(String(key), token(clerk.id, 0));
    if (firstEnds.get(clerkName(clerk.id)) !== serverName(key % nservers)) return false;
  }
  return true;
}

/** Requests for all keys reach all servers evenly. */
async function sharesWork(makeCluster: MakeMeasured): Promise<boolean> {
  const { nservers } = SMALL;
  await using cluster = await makeCluster(SMALL);
  const clerk = cluster.makeClient();
  for (let key = 0; key < 4 * nservers; key++) {
    await clerk.put(String(key), token(clerk.id, key));
    await clerk.get(String(key));
  }
  return spreadViolation(cluster.requestCounts()) === undefined;
}
