/**
 * The versions of Deno that the lab runs on. Older ones lack what it builds on, and fail in
 * ways that look like a mistake of whoever runs it.
 *
 * @module
 */

const MAJOR = 2;
const MINOR_MIN = 9;

/** The time that the runner may take to print a line, in milliseconds. */
const FLUSH_MS = 200;

/** Says why the lab does not run on a version of Deno.
 *
 * @param version For example `"2.9.6"`.
 * @returns One line; `undefined` if it does.
 */
export function versionProblem(version: string = Deno.version.deno): string | undefined {
  const [major, minor] = version.split(".").map(Number);
  if (major === MAJOR && minor! >= MINOR_MIN) return undefined;
  return `Cannot run on Deno ${version}; expected ${MAJOR}.${MINOR_MIN} or a later ${MAJOR}.x: ` +
    "run deno upgrade, or npx -y deno@2.9.6";
}

/** Ends the process if the lab does not run on this version of Deno: with one line and the
 * status of "could not tell". For what is no command, such as `deno test`. */
export function exitOnOtherVersion(version: string = Deno.version.deno): void {
  const problem = versionProblem(version);
  if (problem === undefined) return;
  console.error(problem);
  // The runner of tests prints in another thread, which an exit does not wait for.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FLUSH_MS);
  Deno.exit(2);
}
