/**
 * The lab that a command works on: this one, or a copy of it with the files of a submission.
 *
 * @module
 */

import { exists } from "@std/fs/exists";
import { closestString } from "@std/text/closest-string";
import { pathToFileURL } from "node:url";
import { CommandError } from "../../cli/mod.ts";
import { shortName } from "../../testing/failure_report.ts";
import { layOver } from "../overlay.ts";

/** A folder with the tests, until it is disposed of. */
export interface Lab extends AsyncDisposable {
  /** Its folder; ends in a slash. */
  readonly url: URL;
}

/** Opens the lab.
 *
 * @param submission The folder of a `client.ts` and a `server.ts`; the lab's own if absent.
 * @param more More parts of the lab to copy.
 * @throws {CommandError} A file of the submission is missing.
 */
export async function openLab(submission?: string, more: readonly string[] = []): Promise<Lab> {
  if (submission === undefined) {
    return { url: new URL("../../", import.meta.url), async [Symbol.asyncDispose]() {} };
  }
  const folder = pathToFileURL(`${submission}/`);
  for (const file of ["client.ts", "server.ts"]) {
    const isThere = await exists(new URL(file, folder)).catch(() => false);
    if (isThere) continue;
    throw new CommandError(
      `Cannot use the submission "${submission}": there is no ${file} in it; ` +
        "expected a folder with a client.ts and a server.ts",
    );
  }
  const overlay = await layOver(folder, more);
  return {
    url: pathToFileURL(`${overlay.path}/`),
    [Symbol.asyncDispose]: () => overlay[Symbol.asyncDispose](),
  };
}

/** Returns the full name of a test.
 *
 * @param name The name up to its colon, or the full name.
 * @param tests The full names of all tests.
 * @throws {CommandError} There is no such test.
 */
export function findTest(name: string, tests: readonly string[]): string {
  const found = tests.find((test) => test === name || shortName(test) === name);
  if (found !== undefined) return found;
  const nearest = closestString(name, tests.map(shortName));
  throw new CommandError(`There is no test "${name}"; did you mean "${nearest}"?`);
}
