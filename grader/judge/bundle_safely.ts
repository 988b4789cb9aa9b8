/**
 * Bundles a submission, whatever it does to the bundler.
 *
 * The bundler is one process for all submissions. One that makes it crash, or holds it for
 * too long, ends it for those beside it as well. Each of them is then bundled again, one
 * after the other in a bundler of its own, so that the one at fault is found.
 *
 * @module
 */

import { type Bundle, BundleError, bundleSubmission, stopBundler } from "../realm/bundle.ts";
import { NotGradedError } from "./run.ts";

/** The time limit of bundling, in real milliseconds; a usual submission takes 50. */
const BUNDLE_MS_MAX = 60_000;

/** A submission that any bundler can bundle. */
const SIMPLE = new Map([["client.ts", "export class Clerk {}"], [
  "server.ts",
  "export class KVServer {}",
]]);

/** Resolves once nobody is bundled alone. */
let alone: Promise<unknown> = Promise.resolve();

/** Bundles a submission as `bundleSubmission()` does; a test puts something else in its place. */
export type Bundling = (files: ReadonlyMap<string, string>) => Promise<Bundle>;

/** Bundles a submission.
 *
 * @param files The texts of `client.ts` and `server.ts` by their names.
 * @param bundling What bundles.
 * @param msMax How long it may take, in real milliseconds.
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
