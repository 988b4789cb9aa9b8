/**
 * A script: a run written down as plain data, small enough to be told. It says which
 * servers there are, who asks for what, and what the network does to which request;
 * nothing in it is left to chance.
 *
 * @module
 */

import type { Request } from "../testing/history_recorder.ts";

/** What the network does to one request. */
export type Fault =
  /** The server never sees it. */
  | "request lost"
  /** The server executes it, and its caller never knows. */
  | "reply lost"
  /** It is held back for as long as the unreliable network may. */
  | "request slow"
  /** It arrives a second time, after its caller has gone on. Only a hostile network does
   * that. */
  | "request repeated";

/** One operation of a clerk. */
export interface ScriptedOperation extends Request {
  /** What happens to the requests that the clerk makes for it, in their order; the
   * others travel well. */
  readonly faults?: readonly (Fault | undefined)[];
  /** How many milliseconds the clerk waits before it begins; none if absent. */
  readonly afterMs?: number;
}

/** What happens together: servers stop and start, then all clerks begin, each with its
 * operations one after the other. The next scene begins when all have returned. */
export interface Scene {
  readonly stop?: readonly number[];
  /** After how many milliseconds of the scene that happens; at once if absent. */
  readonly stopAfterMs?: number;
  /** After how many milliseconds these are back, while the scene goes on; if absent,
   * they stay away. */
  readonly stopMs?: number;
  readonly start?: readonly number[];
  /** The operations of each clerk, by its number. */
  readonly clerks: readonly (readonly ScriptedOperation[])[];
}

/** A fault of a request that one server sends to another one. */
export interface ForwardFault {
  readonly from: number;
  readonly to: number;
  /** How many requests it sent there before. */
  readonly index: number;
  readonly fault: Fault;
}

/** A whole run. */
export interface Script {
  readonly nservers: number;
  readonly nreplicas: number;
  readonly scenes: readonly Scene[];
  readonly forwardFaults?: readonly ForwardFault[];
  /** What the submission's own chance comes from; 1 if absent. */
  readonly seed?: number;
  /** True if the servers must get even shares of the requests where its operations are
   * spread evenly over the shards. */
  readonly isSpread?: boolean;
}

/** How much there is to tell. */
export interface Counts {
  clerks: number;
  servers: number;
  operations: number;
  faults: number;
}

/** How much there is to tell of a script. */
export function countsOf({ nservers, scenes, forwardFaults = [] }: Script): Counts {
  const programs = scenes.flatMap(({ clerks }) => [...clerks.entries()])
    .filter(([, operations]) => operations.length > 0);
  const operations = programs.flatMap(([, operations]) => operations);
  const faults = operations.flatMap(({ faults = [] }) => faults.filter(Boolean));
  const outages = scenes.flatMap(({ stop = [] }) => stop);
  return {
    clerks: new Set(programs.map(([clerk]) => clerk)).size,
    servers: nservers,
    operations: operations.length,
    faults: faults.length + forwardFaults.length + outages.length,
  };
}
