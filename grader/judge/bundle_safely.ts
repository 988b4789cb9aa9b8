/**
 * Bundles a submission even if another one breaks the bundler.
 *
 * All submissions share one bundler process. If a submission crashes or blocks it, bundling fails
 * for all of them. Each is then bundled again, one at a time and each in a new process, so that
 * only the submission at fault fails.
 *
 * @module
 */

import { type Bundle, BundleError, bundleSubmission, stopBundler } from "../realm/bundle.ts";
import { NotGradedError } from "./run.ts";

/** The time limit of bundling, in real milliseconds. A usual submission takes 50. */
const BUNDLE_MS_MAX = 60_000;

/** A submission that every working bundler can bundle. */
const SIMPLE = new Map([["client.ts", "export class Clerk {}"], [
  "server.ts",
  "export class KVServer {}",
]]);

/** Resolves once no submission is bundled alone. */
let alone: Promise<unknown> = Promise.resolve();

/** A function like `bundleSubmission()`, which tests replace. */
export type Bundling = (files: ReadonlyMap<string, string>) => Promise<Bundle>;

/** Bundles a submission.
 *
 * @param files The texts of `client.ts` and `server.ts` by their names.
 * @param bundling The bundler.
 * @param msMax The time limit, in real milliseconds.
 * @throws {BundleError} One of them cannot be bundled.
 * @throws {NotGradedError} The bundler does not work on this machine.
 */
export async function bundleSafely(
  files: ReadonlyMap<string, string>,
  bundling: Bundling = bundleSubmission,
  msMax: number = BUNDLE_MS_MAX,
): Promise<Bundle> {
  const bundle = (files: ReadonlyMap<string, string>) => withinMs(bundling(files), msMax);
  await alone;
  try {
    return await bundle(files);
  } catch (error) {
    if (error instanceof BundleError) throw error;
  }
  const again = alone.then(() => bundleAlone(files, bundle));
  alone = again.catch(() => {});
  return await again;
}

async function bundleAlone(
  files: ReadonlyMap<string, string>,
  bundle: Bundling,
): Promise<Bundle> {
  await stopBundler();
  let reason: string;
  try {
    return await bundle(files);
  } catch (error) {
    if (error instanceof BundleError) throw error;
    reason = (error as Error).message.split("\n")[0]!;
  }
  await stopBundler();
  try {
    await bundle(SIMPLE);
  } catch (error) {
    throw new NotGradedError(`the bundler does not work: ${(error as Error).message}`);
  }
  const message = `The submission cannot be bundled: the bundler failed on it twice: ${reason}`;
  throw new BundleError([{ message, file: null, line: null }]);
}

async function withinMs<T>(work: Promise<T>, msMax: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it took more than ${msMax / 1000} s`)), msMax);
  });
  work.catch(() => {});
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
