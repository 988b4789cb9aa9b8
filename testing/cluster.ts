/**
 * The cluster that workloads run on. `Config` is the one that
 * implements it.
 *
 * @module
 */

import type { History } from "../linearizability/mod.ts";
import type { Random } from "../sim/mod.ts";
import type { Violation } from "./failure_report.ts";
import type { MessageLog } from "./message_log.ts";

/** A clerk whose every operation is recorded in the history. */
export interface TestClerk {
  /** Its number, from 0. */
  readonly id: number;
  get(key: string): Promise<string>;
  put(key: string, value: string): Promise<void>;
  append(key: string, value: string): Promise<string>;
}

/** A cluster under test. */
export interface Cluster {
  /** Returns the time of this run, in milliseconds. */
  now(): number;
  /** Waits for some milliseconds of this run. */
  sleep(delayMs: number): Promise<void>;
  /** Returns a stream of random numbers of its own. */
  random(label: string): Random;
  /** Makes a clerk that is connected to all servers. */
  makeClient(): TestClerk;
  /** Removes a clerk's links. */
  deleteClient(clerk: TestClerk): void;
  /** The operations of all clerks so far. */
  readonly history: History;
  /** The requests that all clerks and servers sent so far. */
  readonly messages: MessageLog;
  /** Fails the test if there is a violation. */
  check(violation: Violation | undefined): void;
}
