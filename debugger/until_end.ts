/**
 * Waits until somebody ends the command.
 *
 * @module
 */

import { onInterrupt } from "../explore/run/child.ts";

/** Waits for Ctrl-C, or for the terminal to close. A task and the command that it runs both get the
 * signal and pass it on, so later signals change nothing. */
export function untilEnd(): Promise<void> {
  return new Promise((resolve) => {
    onInterrupt(resolve);
    if (Deno.build.os !== "windows") Deno.addSignalListener("SIGHUP", resolve);
  });
}
