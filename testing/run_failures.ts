/**
 * Makes failures of one run: a violation, or an error that ended it, with the cause that its
 * messages show and the commands that run it again.
 *
 * @module
 */

import { StuckError } from "../sim/mod.ts";
import type { Cluster } from "./cluster.ts";
import { withCaller } from "./caller.ts";
import { withCause } from "./cause.ts";
import { explainError } from "./explain.ts";
import { LabFailure, type ReplayTarget, type Violation } from "./failure_report.ts";
import { HINTS } from "./hints.ts";
import type { ClusterSize } from "./requirements.ts";

/** The conditions of one run. */
export interface Conditions extends ClusterSize {
  readonly unreliable: boolean;
}

/** The failures of one run. */
export class RunFailures {
  readonly #target: ReplayTarget;
  readonly #cluster: Pick<Cluster, "history" | "messages">;
  readonly #conditions: Conditions;
  readonly #files: Readonly<Record<string, string>>;

  /** @param target The run, as a command line names it.
   * @param cluster The history and the messages of the run.
   * @param conditions The size of the cluster, and whether its network loses messages.
   * @param files The texts of the student's files by their names, if they are known. */
  constructor(
    target: ReplayTarget,
    cluster: Pick<Cluster, "history" | "messages">,
    conditions: Conditions,
    files: Readonly<Record<string, string>> = {},
  ) {
    this.#target = target;
    this.#cluster = cluster;
    this.#conditions = conditions;
    this.#files = files;
  }

  /** Returns the failure of a violation. */
  of(violation: Violation): LabFailure {
    const told = withCaller(violation, this.#cluster.messages, this.#files);
    if (!this.#conditions.unreliable) told.isReliable = true;
    if (this.#conditions.nservers === 1) told.isAlone = true;
    return new LabFailure(told, this.#target);
  }

  /** Returns the failure of a violation that the messages of the run may explain. */
  withCause(violation: Violation): LabFailure {
    const { history, messages } = this.#cluster;
    return this.of(withCause(violation, history, messages, this.#conditions));
  }

  /** Returns the failure of an error that ended the run.
   *
   * @param made The class of which something was being made, if any. */
  explain(error: unknown, made?: string): LabFailure {
    if (error instanceof LabFailure) return error;
    const isLoop = error instanceof StuckError && error.how === "neverYields";
    return this.withCause(
      isLoop && made !== undefined
        ? { what: `new ${made}() never let go of the processor`, hint: HINTS.neverYields }
        : explainError(error),
    );
  }
}
