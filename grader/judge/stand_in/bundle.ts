/**
 * Stands in for `grader/realm/bundle.ts` until it is there: each file of a submission as
 * one script. It isolates nothing.
 *
 * @module
 */

import * as esbuild from "esbuild";
import type { Problem } from "../../result.ts";

/** The two scripts of a submission. */
export interface Bundle {
  client: string;
  server: string;
}

/** The reason that a submission cannot be bundled. */
export class BundleError extends Error {
  override readonly name = "BundleError";

  /** @param problems One for each message of the bundler. */
  constructor(readonly problems: Problem[]) {
    super(problems.map(({ message }) => message).join("\n"));
  }
}

/** Bundles the files of a submission.
 *
 * @throws {BundleError} They cannot be bundled.
 */
export async function bundleSubmission(files: ReadonlyMap<string, string>): Promise<Bundle> {
  const [client, server] = await Promise.all(["client.ts", "server.ts"].map(async (file) => {
    try {
      return (await esbuild.transform(files.get(file)!, { loader: "ts", format: "cjs" })).code;
    } catch (error) {
      throw new BundleError([{ message: (error as Error).message, file, line: null }]);
    }
  }));
  await esbuild.stop();
  return { client: client!, server: server! };
}
