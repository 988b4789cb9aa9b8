/**
 * Grades many submissions on all cores.
 *
 * @module
 */

import { Progress, systemReason } from "../cli/mod.ts";
import { type Findings, findingsWith } from "./result/result.ts";
import { gradeSubmission, type SubmissionOptions } from "./grade_submission.ts";
import { cachedFindings, cacheFindings, cacheKey, type Circumstances } from "./findings_cache.ts";
import { NotGradedError } from "./judge/run.ts";
import { type Taken, takeSubmission } from "./take/take_submission.ts";
import { rightTogether } from "./checks/types_together.ts";

/** The number of submissions that the compiler checks at a time. More would save little. The first
 * batches are smaller, so that the first results come within seconds. */
const BATCH_MAX = 10;
const BATCH_GROWTH = 3;

/** The steps of grading, which tests replace by functions that take no time. */
export interface ClassSteps {
  rightTogether: typeof rightTogether;
  gradeSubmission: typeof gradeSubmission;
}

/** The settings of the grading of a class. */
export interface ClassOptions extends Circumstances {
  /** The number of submissions that run at the same time. */
  jobs: number;
  /** True if the findings of earlier runs are used, and new ones kept. */
  resume: boolean;
  /** Ends it early. */
  signal: AbortSignal;
  /** Receives the findings about the only submission, before its first test and after each test. */
  onTest?: ((findings: Findings) => Promise<void>) | undefined;
  /** Receives the reason that findings cannot be kept. */
  onUnkept?: (reason: string) => void;
  steps?: ClassSteps;
}

/** Grades submissions.
 *
 * @param folders The folder of each.
 * @returns For each folder its findings, the error if this machine could not grade it, or
 * `undefined` if the signal came first.
 */
export async function gradeClass(
  folders: readonly string[],
  options: ClassOptions,
): Promise<(Findings | NotGradedError | undefined)[]> {
  const { lab, seeds, tests, jobs, resume, explain, signal, onTest, onUnkept } = options;
  const { steps = { rightTogether, gradeSubmission } } = options;
  const found: (Findings | NotGradedError | undefined)[] = folders.map(() => undefined);
  const circumstances = { lab, seeds, tests, explain };
  const waiting: Pending[] = [];
  for (const [i, folder] of folders.entries()) {
    const taken = await takeSubmission(folder).catch((error) => {
      return new NotGradedError(`Its files cannot be read: ${systemReason(error)}`);
    });
    if (taken instanceof NotGradedError) {
      found[i] = taken;
      continue;
    }
    const key = resume ? cacheKey(taken, circumstances) : undefined;
    found[i] = key === undefined ? undefined : await cachedFindings(key);
    if (found[i] !== undefined) continue;
    waiting.push({ i, taken, key });
    const { problems, notes } = taken;
    await onTest?.(findingsWith({ problems, notes }));
  }
  // Kept findings take no time, so they would falsify the time that is left.
  using progress = new Progress(waiting.length, "submissions");
  const largestBatch = Math.min(BATCH_MAX, Math.ceil(waiting.length / jobs));
  const runRest = async () => {
    let batchSize = 1;
    while (waiting.length > 0 && !signal.aborted) {
      const batch = waiting.splice(0, batchSize);
      batchSize = Math.min(largestBatch, batchSize * BATCH_GROWTH);
      // A single submission is checked while its tests run.
      const right = batch.length > 1
        ? await steps.rightTogether(batch.map(({ taken }) => taken), signal)
        : undefined;
      for (const { i, taken, key } of batch) {
        if (signal.aborted) return;
        const findings = found[i] = await gradeOne(taken, {
          ...{ seeds, tests, signal, explain },
          ...right && { checked: right.has(taken) },
          ...onTest && { onTest },
        }, steps);
        const isKept = key !== undefined && !(findings instanceof NotGradedError);
        const reason = isKept && findings && await cacheFindings(key, findings);
        if (reason) onUnkept?.(reason);
        progress.update();
      }
    }
  };
  await Promise.all(Array.from({ length: jobs }, runRest));
  return found;
}

/** A submission that is to be graded. */
interface Pending {
  /** Its index in the class. */
  i: number;
  taken: Taken;
  /** The key that its findings are kept under; `undefined` if they are not kept. */
  key: string | undefined;
}

async function gradeOne(
  taken: Taken,
  options: SubmissionOptions & { signal: AbortSignal },
  steps: ClassSteps,
): Promise<Findings | NotGradedError | undefined> {
  try {
    return await steps.gradeSubmission(taken, options);
  } catch (error) {
    if (options.signal.aborted) return undefined;
    // An error ends no other submission. The judge and the tools have retried already.
    return error instanceof NotGradedError ? error : new NotGradedError(systemReason(error));
  }
}
