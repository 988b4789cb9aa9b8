/**
 * Judges a submission in two processes, to use two cores if it is graded alone. A class is graded
 * in the same way, so that no verdict depends on the number of submissions. A third process
 * measures the requirements as soon as a test has passed.
 *
 * @module
 */

import { bundleSafely } from "./bundle_safely.ts";
import { limitsFor } from "./limits.ts";
import { REQUIREMENTS_TEST } from "./requirements.ts";
import { judge, type Judgement, type JudgeOptions } from "./run.ts";

/** The tests of the second process, which take as long as all others together. */
const SECOND: readonly string[] = ["TestConcurrent", "TestUnreliableShards"];

/** The seed for the requirements. Any seed will do, since the network is reliable. */
const REQUIREMENTS_SEED = 1;

/** Judges a submission.
 *
 * @param files The texts of `client.ts` and `server.ts` by their names.
 * @returns The results, in the order of `options.tests`.
 * @throws {BundleError} The files cannot be bundled.
 * @throws {NotGradedError} This machine could not run the tests.
 * @throws {DOMException} The signal ended the judgement.
 */
export async function judgeFiles(
  files: ReadonlyMap<string, string>,
  { tests, signal, onTest, ...options }: JudgeOptions & { signal: AbortSignal },
): Promise<Judgement> {
  const bundle = await bundleSafely(files);
  const failure = new AbortController();
  const both = AbortSignal.any([failure.signal, signal]);
  const limits = { submissionMsMax: limitsFor(options.seeds.length).submissionMsMax / 2 };
  const firstPass = Promise.withResolvers<boolean>();
  const judgePart = async (part: string[]): Promise<Judgement> => {
    if (part.length === 0) return { tests: [], notes: [], printed: "" };
    return await judge(bundle, {
      ...{ ...options, tests: part, signal: both, limits },
      onTest: (test) => {
        if (test.passed) firstPass.resolve(true);
        return onTest?.(test);
      },
    });
  };
  const first = judgePart(tests.filter((test) => !SECOND.includes(test)));
  const second = judgePart(tests.filter((test) => SECOND.includes(test)));
  const measuring = (async (): Promise<Pick<Judgement, "measured">> => {
    const noPass = Promise.all([first, second]).then(() => false);
    if (!await Promise.race([firstPass.promise, noPass])) return {};
    const only = { tests: [REQUIREMENTS_TEST], seeds: [REQUIREMENTS_SEED] };
    return await judge(bundle, { ...only, signal: both });
  })();
  const all = [first, second, measuring] as const;
  try {
    const [one, other, { measured }] = await Promise.all(all);
    const judged = [...one.tests, ...other.tests];
    return {
      tests: tests.flatMap((test) => judged.filter(({ name }) => name === test)),
      notes: [...new Set([...one.notes, ...other.notes])],
      printed: one.printed + other.printed,
      ...measured && { measured },
    };
  } finally {
    // If one process could not judge, the others are of no use.
    failure.abort();
    await Promise.allSettled(all);
  }
}
