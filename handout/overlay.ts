/**
 * Refuses to run the lab with another's files, in this copy.
 *
 * @module
 */

import { CommandError } from "../cli/mod.ts";

/** Refuses.
 *
 * @throws {CommandError} Always.
 */
export function layOver(
  _submission: URL,
  _more: readonly string[],
): Promise<AsyncDisposable & { readonly path: string }> {
  throw new CommandError(
    "Cannot use --submission: this copy of the lab runs the client.ts and server.ts in its own " +
      "folder; put yours there and leave the option out",
  );
}
