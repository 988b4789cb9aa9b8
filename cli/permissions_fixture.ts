/**
 * Tests that need a permission show as ignored where it was not granted, so that a
 * plain `deno test` is green.
 *
 * @module
 */

/** True if a test may start processes, and read and write files. */
export const mayRunProcesses: boolean = (["read", "write", "run"] as const).every((name) => {
  return Deno.permissions.querySync({ name }).state === "granted";
});
