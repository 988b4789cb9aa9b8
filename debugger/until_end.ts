/**
 * Waits for the end of a command that runs until somebody ends it.
 *
 * @module
 */

import { onInterrupt } from "../explore/run/child.ts";

/** Waits for Ctrl-C, or for the terminal to go. */
export async function untilEnd(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  using _interrupt = onInterrupt(resolve);
  const isUnix = Deno.build.os !== "windows";
  if (isUnix) Deno.addSignalListener("SIGHUP", resolve);
  await promise;
  if (isUnix) Deno.removeSignalListener("SIGHUP", resolve);
}
