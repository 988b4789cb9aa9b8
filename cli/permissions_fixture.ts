/**
 * The permissions of the tests. A test that lacks one is ignored, so that a plain `deno test` passes.
 *
 * @module
 */

/** True if a test may start processes, and read and write files. */
export const mayRunProcesses: boolean = (["read", "write", "run"] as const).every((name) => {
  return Deno.permissions.querySync({ name }).state === "granted";
});
