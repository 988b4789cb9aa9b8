/**
 * The inside of a thread that tries scripts on a submission, without any permission.
 *
 * @module
 */

import { format } from "node:util";
import { collectScenarios } from "../testing/register.ts";
import type { Violation } from "../testing/failure_report.ts";
import { isSameFailure, scriptsFor, type Sought } from "./candidates.ts";
import type { Recording } from "./recording.ts";
import { Recorder } from "./recording.ts";

/** Which scripts are tried. */
export interface ScriptTask {
  sought: Sought;
  /** The place of the first one. */
  from: number;
  /** Whether it is the only one, and recorded. */
  only?: boolean;
  /** How much time there is, in real milliseconds. */
  timeMs?: number;
}

/** What the thread says. */
export type ScriptWorkerMessage =
  | { kind: "ready" }
  | { kind: "broken"; problem: string }
  /** From here on up to the next such message, scripts may not come back. */
  | { kind: "trying"; place: number }
  | { kind: "failed"; place: number; violation: Violation; isSame: boolean; recording?: Recording }
  | { kind: "none" };

/** What the global object of a worker has besides. */
interface WorkerScope {
  postMessage(message: ScriptWorkerMessage): void;
  onmessage(event: MessageEvent<ScriptTask>): void;
}

const scope = globalThis as unknown as WorkerScope;
const realNow = performance.now.bind(performance);

let print: ((text: string) => void) | undefined;
for (const method of ["log", "info", "debug", "warn", "error", "table", "dir", "trace"] as const) {
  console[method] = (...args: unknown[]) => print?.(format(...args));
}

try {
  // The module that builds clusters registers what a test runner has to do after tests.
  let perform: typeof import("./perform.ts").perform;
  await collectScenarios(async () => ({ perform } = await import("./perform.ts")));
  scope.onmessage = async ({ data: { sought, from, only = false, timeMs = Infinity } }) => {
    const endMs = realNow() + timeMs;
    let place = from - 1;
    for (const script of scriptsFor(sought).drop(from)) {
      place++;
      scope.postMessage({ kind: "trying", place });
      const recorder = only ? new Recorder() : undefined;
      print = recorder && ((text) => recorder.print(text));
      const { violations } = await perform(script, recorder?.hooks);
      const same = violations.find(({ hint }) => isSameFailure(sought.hint, hint));
      const violation = same ?? (only ? violations[0] : undefined);
      if (violation !== undefined) {
        const isSame = same !== undefined;
        const failed = { kind: "failed", place, violation, isSame } as const;
        return scope.postMessage(
          recorder === undefined ? failed : { ...failed, recording: recorder.recording },
        );
      }
      if (only || realNow() > endMs) break;
    }
    scope.postMessage({ kind: "none" });
  };
  scope.postMessage({ kind: "ready" });
} catch (error) {
  scope.postMessage({
    kind: "broken",
    problem: error instanceof Error ? error.message : String(error),
  });
}
