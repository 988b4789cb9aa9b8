/**
 * The child process that performs schedules for the debugger. It lies in a copy of the lab, beside
 * the `client.ts` and `server.ts` of the submission.
 *
 * @module
 */

import { printTo } from "../explore/run/console.ts";
import { report, serve } from "../explore/run/parent.ts";
import type { SubmissionModules } from "./inside/machines.ts";
import type { PerformResult, PerformTask } from "./inside/performance.ts";
import { readPrivateFieldsOf } from "./inside/private_fields.ts";
import type { Beginning, StepRecord } from "./record.ts";

/** A performance to make. */
export interface WorkerTask extends PerformTask {
  /** True if each step is reported immediately, because the run may not end. */
  isToldAtOnce: boolean;
}

/** A part of a performance, as it happens. */
export type Progress = { beginning: Beginning } | { begun: StepRecord } | { steps: StepRecord[] };

const tell = (progress: Progress) => report(progress);

/** The number of steps in one message. */
const STEPS_TOLD = 200;

type PerformSteps = typeof import("./inside/performance.ts").performSteps;

async function work(
  performSteps: PerformSteps,
  modules: SubmissionModules,
  { isToldAtOnce, ...task }: WorkerTask,
): Promise<PerformResult> {
  let steps: StepRecord[] = [];
  const tellSteps = () => {
    if (steps.length > 0) tell({ steps });
    steps = [];
  };
  const result = await performSteps(modules, task, {
    onBeginning: (beginning) => tell({ beginning }),
    onBegun(begun) {
      if (isToldAtOnce) tell({ begun });
    },
    onStep(step) {
      if (steps.push(step) >= STEPS_TOLD || isToldAtOnce) tellSteps();
    },
  }, printTo);
  tellSteps();
  return result;
}

await serve<WorkerTask>(async () => {
  const { performSteps } = await import("./inside/performance.ts");
  readPrivateFieldsOf((url) => url.endsWith("?debugger"));
  const modules = {
    client: await import("../client.ts?debugger"),
    server: await import("../server.ts?debugger"),
  };
  return { work: (task) => work(performSteps, modules, task) };
}, ({ stack, message }) => {
  const problem = stack ?? message;
  return problem.replace(/^TypeError: (?=SyntaxError)/, "").replaceAll("?debugger", "");
});
