/**
 * The cluster that workloads use. `Config` implements it.
 *
 * @module
 */

import type { History, Operation } from "../linearizability/mod.ts";
import type { Random } from "../sim/mod.ts";
import type { Violation } from "./failure_report.ts";
import type { MessageLog } from "./message_log.ts";

/** An operation to perform. */
export type Request = Pick<Operation, "op" | "key" | "value">;

/** A clerk whose operations are recorded in the history. */
export interface TestClerk {
  /** The number of the clerk, from 0. */
  readonly id: number;
  get(key: string): Promise<string>;
  put(key: string, value: string): Promise<void>;
  append(key: string, value: string): Promise<string>;
}

/** A cluster under test. */
export interface Cluster extends AsyncDisposable {
  /** Returns the time of this run, in milliseconds. */
  now(): number;
  /** Waits for some milliseconds of this run. */
  sleep(delayMs: number): Promise<void>;
  /** Returns an independent stream of random numbers. */
  random(label: string): Random;
  /** Makes a clerk that is connected to all servers. */
  makeClient(): TestClerk;
  /** Removes a clerk's links. */
  deleteClient(clerk: TestClerk): void;
  /** Cuts every clerk off from a server. Servers still reach each other.
   *
   * @throws {RangeError} There is no such server. */
  stopServer(server: number): void;
  /** Connects every clerk to a server again. */
  startServer(server: number): void;
  /** Returns the number of requests that each server has received. */
  requestCounts(): number[];
  /** The operations of all clerks so far. */
  readonly history: History;
  /** The requests that all clerks and servers sent so far. */
  readonly messages: MessageLog;
  /** Forgets the operations and the requests so far. */
  forget(): void;
  /** Fails the test if there is a violation. */
  check(violation: Violation | undefined): void;
}
