/**
 * Waits for the end of a command that runs until somebody ends it.
 *
 * @module
 */

import { onInterrupt } from "../explore/run/child.ts";

/** Waits for Ctrl-C, or for the terminal to go. What comes after the first of them changes nothing:
 * a task and the command that it runs both get it, and pass it on. */
export function untilEnd(): Promise<void> {
  return new Promise((resolve) => {
    onInterrupt(resolve);
    if (Deno.build.os !== "windows") Deno.addSignalListener("SIGHUP", resolve);
  });
}
