/**
 * The versions of Deno that the lab runs on. Older ones fail in ways that look like a mistake of the
 * user.
 *
 * @module
 */

const MAJOR = 2;
const MINOR_MIN = 9;

/** The time that the runner may take to print a line, in milliseconds. */
const FLUSH_MS = 200;

/** Returns the reason that the lab does not run on a version of Deno, in one line; `undefined` if it
 * does.
 *
 * @param version For example `"2.9.6"`.
 */
export function versionProblem(version: string = Deno.version.deno): string | undefined {
  const [major, minor] = version.split(".").map(Number);
  if (major === MAJOR && minor! >= MINOR_MIN) return undefined;
  return `Cannot run on Deno ${version}; expected ${MAJOR}.${MINOR_MIN} or a later ${MAJOR}.x: ` +
    "run deno upgrade, or npx -y deno@2.9.6";
}

/** Ends the process with one line and status 2 if the lab does not run on this version of Deno.
 * Commands do so anyway; this is for `deno test`. */
export function exitOnOtherVersion(version: string = Deno.version.deno): void {
  const problem = versionProblem(version);
  if (problem === undefined) return;
  console.error(problem);
  // The test runner prints in another thread, and exit does not wait for it.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FLUSH_MS);
  Deno.exit(2);
}
