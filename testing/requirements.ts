/**
 * The requirements of the assignment that the seven tests cannot see. Each is measured only from
 * the messages or the memory of a reliable cluster, so that every encoding and every way to
 * replicate counts.
 *
 * A requirement does not fail a test: a submission that forwards every request to the first server
 * of a shard passes all seven tests without replicating anything.
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

/** The requirements, in the order of reports. */
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
    "although the key was small again and the clerk had finished a minute before",
};

/** A requirement and the result of its measurement. */
export interface Requirement {
  readonly name: RequirementName;
  readonly isMet: boolean;
}

/** The results of all measurements. */
export interface Measured {
  readonly requirements: Requirement[];
  /** The memory that each server keeps for finished clerks. */
  readonly retained: Retained[];
}

/** Returns the servers that hold a shard, the first one first. */
export function replicasOf(shard: number, { nservers, nreplicas }: ShardConfig): number[] {
  return Array.from({ length: nreplicas }, (_, i) => (shard + i) % nservers);
}

/** Makes a new reliable cluster in simulated time.
 *
 * @param listener Sees each event. */
export type MakeMeasured = (
  size: ShardConfig,
  listener?: TraceListener,
) => Promise<Cluster>;

/** The type of `makeShardConfig`. */
export type MakeShardConfig = (
  t: TestHandle,
  options: ClusterOptions,
) => Cluster;

/** Returns a function that makes clusters for measurements, which print nothing.
 *
 * @param run The options of their runs.
 * @param makeMachines Makes the machines of each cluster; if absent, the lab's own are used. */
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

/** The time in which each replica must take part after a write, in virtual milliseconds. */
const REPLICATION_MS_MAX = 2000;

/** A cluster in which each shard has servers that are no replica of it. */
const LARGE: ShardConfig = { nservers: 5, nreplicas: 3 };

/** The cluster of TestStaticShards. */
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

/** Measures the requirements that messages show, in a tenth of the time of measuring memory.
 *
 * @throws {Error} The submission fails before it can be measured. */
export async function measureMessages(makeCluster: MakeMeasured): Promise<Requirement[]> {
  return [
    { name: "replicates", isMet: await replicates(makeCluster) },
    { name: "asks the first server first", isMet: await asksFirstServerFirst(makeCluster) },
    { name: "shares the work", isMet: await sharesWork(makeCluster) },
  ];
}

/** Describes which requirements are met, in one line. */
export function requirementsLine(
  requirements: readonly { name: string; isMet: boolean }[],
): string {
  const each = requirements.map(({ name, isMet }) => `${name}: ${isMet ? "yes" : "no"}`);
  return `Requirements of the assignment: ${each.join(", ")}`;
}

/** Checks that every replica of a shard takes part in an RPC soon after a write: two writes to a
 * new key of each shard, in an idle cluster. */
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

/** Checks that the first request of a new clerk goes to the first server of the key's shard. */
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

/** Checks that requests for all keys are spread evenly over the servers. */
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
