/**
 * Scripts that show one kind of mistake each, and that no enumeration of small ones
 * would come across.
 *
 * @module
 */

import type { NetworkName } from "../testing/run_options.ts";
import { token } from "../testing/values.ts";
import { appendsOfTwoClerks, type ClusterSize, SINGLE } from "./candidates.ts";
import type { Fault, ForwardFault, Script, ScriptedOperation } from "./script.ts";

function append(clerk: number, key = "0"): ScriptedOperation {
  return { op: "append", key, value: token(clerk, 0) };
}

/** One clerk writes to keys of all shards: whether the servers share the work. */
export function* spreads(): Iterable<Script> {
  for (const nservers of [2, 3]) {
    const operations = Array.from({ length: 4 * nservers }, (_, key): ScriptedOperation => {
      return { op: "put", key: String(key), value: token(0, key) };
    });
    yield { nservers, nreplicas: 1, scenes: [{ clerks: [operations] }], isSpread: true };
  }
}

/** An operation for which no replica is left. */
export function* rejections({ nservers, nreplicas }: ClusterSize): Iterable<Script> {
  for (const key of ["0", "1", String(10 + nservers)]) {
    const stop = Array.from({ length: nreplicas }, (_, i) => (Number(key) + i) % nservers);
    for (const operation of [append(0, key), { op: "get", key } as const]) {
      yield { nservers, nreplicas, scenes: [{ stop, clerks: [[operation]] }] };
    }
  }
}

/** For how many requests a clerk hears nothing after the first was executed. */
const SILENCES = [3, 10, 30];

/** What a server has to remember for long. */
export function* silences(): Iterable<Script> {
  for (const length of SILENCES) {
    const faults: Fault[] = ["reply lost", ...Array(length - 1).fill("request lost")];
    yield { ...SINGLE, scenes: [{ clerks: [[{ ...append(0), faults }]] }] };
  }
}

/** Until then, a server has executed a request, and its reply is on the way. */
const BEFORE_REPLY_MS = 0.75;

/** For how long the servers are out of reach after that, in milliseconds: shorter than an
 * operation is waited for. */
const CUTS_MS = [150, 1_100, 3_100, 4_700];

/** All replicas of a shard go out of reach while a reply is on the way, and come back: what
 * loses a reply where the network loses no message. */
export function* cutReplies({ nservers, nreplicas }: ClusterSize): Iterable<Script> {
  const stop = Array.from({ length: nreplicas }, (_, replica) => replica);
  const put = { ...append(0), op: "put" } as const;
  const read = { op: "get", key: "0" } as const;
  for (const stopMs of CUTS_MS) {
    for (
      const operations of [[append(0)], [append(0), read], [append(0), second(0)], [put, read]]
    ) {
      const scene = { stop, stopAfterMs: BEFORE_REPLY_MS, stopMs, clerks: [operations] };
      yield { nservers, nreplicas, scenes: [scene] };
    }
  }
}

/** How many seeds decide what a submission leaves to chance. */
const LOTTERY_SEEDS = 100;

/** Two clerks that may have drawn the same name. */
export function* lotteries(): Iterable<Script> {
  for (let seed = 2; seed <= LOTTERY_SEEDS; seed++) {
    for (const script of appendsOfTwoClerks(SINGLE)) yield { ...script, seed };
  }
}

/** Until then, whatever was held back has arrived, and who was not answered has not asked
 * again. */
const LATER_MS = 50;

/** A request comes late, when its clerk has gone on to the next one. */
export function* lateCopies(network: NetworkName): Iterable<Script> {
  const kinds = ["request slow", "request repeated"] as const;
  for (const fault of network === "hostile" ? kinds : kinds.slice(0, 1)) {
    const operations = [{ ...append(0), faults: [fault] }, second(0), later(LATER_MS)];
    yield { ...SINGLE, scenes: [{ clerks: [operations] }] };
  }
}

/** A put is sent again when another clerk has written after it, and goes on. */
export function* overtakenPuts(): Iterable<Script> {
  const first = { ...append(0), op: "put", faults: ["reply lost"] } as const;
  const afterMs = 2 * LATER_MS;
  for (const last of [{ ...second(1), afterMs }, later(afterMs)]) {
    const others = [{ ...append(1), afterMs: LATER_MS }, last];
    yield { ...SINGLE, scenes: [{ clerks: [[first], others] }] };
  }
}

/** For how long a server may go on with a request for a clerk that has gone on. */
const FORWARDED_MS = 300;

/** A request that a replica sent on comes late, when its clerk has gone on. */
export function* lateForwards({ nservers, nreplicas }: ClusterSize): Iterable<Script> {
  for (const fault of ["request slow", "reply lost", "request lost"] as const) {
    for (const lost of [1, 2]) {
      const first: ScriptedOperation = { ...append(0), faults: ["request lost", fault] };
      const forwardFaults = Array.from({ length: lost }, (_, index): ForwardFault => {
        return { from: 1, to: 0, index, fault: "request lost" };
      });
      const scene = { clerks: [[first, second(0), later(FORWARDED_MS)]] };
      yield { nservers, nreplicas, scenes: [scene], forwardFaults };
    }
  }
}

/** How many clerks come between a request and its copy. */
const CROWDS = [2, 4, 8, 16, 32];

/** What a server has to remember for many clerks. */
export function* crowdedTables(): Iterable<Script> {
  for (const size of CROWDS) {
    const others = Array.from(
      { length: size },
      (_, i) => [{ ...append(i + 1), afterMs: LATER_MS }],
    );
    const clerks = [[{ ...append(0), faults: ["reply lost"] as const }], ...others];
    yield { ...SINGLE, scenes: [{ clerks }] };
  }
}

function second(clerk: number): ScriptedOperation {
  return { ...append(clerk), value: token(clerk, 1) };
}

function later(afterMs: number): ScriptedOperation {
  return { op: "get", key: "0", afterMs };
}

/** Time for an answer, and not for a second one. */
const AFTER_ONE_ANSWER_MS = 1.2;

/** The first server goes away after somebody has read what a replica does not have yet:
 * a copy is lost, once or twice. */
export function* staleReads({ nservers, nreplicas }: ClusterSize): Iterable<Script> {
  const gets: ScriptedOperation[] = Array(3).fill({ op: "get", key: "0" });
  for (const lost of [1, 2, 3]) {
    const forwardFaults = Array.from({ length: lost }, (_, index): ForwardFault => {
      return { from: 0, to: 1, index, fault: "request lost" };
    });
    const scene = { stop: [0], stopAfterMs: AFTER_ONE_ANSWER_MS, clerks: [[append(0)], gets] };
    yield { nservers, nreplicas, scenes: [scene], forwardFaults };
  }
}
