/**
 * Threads on which a submission runs, without any permission.
 *
 * @module
 */

/** Starts a thread.
 *
 * @param lab The folder of the lab, or of a copy with a submission in it; ends in a slash.
 * @param file What runs there, for example `"_worker.ts"`.
 */
export function startThread(lab: URL, file: string): Worker {
  // The type of these options knows nothing of permissions.
  const options = { type: "module", deno: { permissions: "none" } } as WorkerOptions;
  return new Worker(new URL(`explore/${file}`, lab), options);
}
