/**
 * The names of the machines of a run, as messages and traces hold them.
 *
 * @module
 */

const CLERK = "clerk ";
const SERVER = "server ";

/** Returns the name of a server. */
export function serverName(me: number): string {
  return SERVER + me;
}

/** Returns the name of a clerk. */
export function clerkName(id: number): string {
  return CLERK + id;
}

/** Returns true if a name is that of a clerk, and not of a server. */
export function isClerk(name: string): boolean {
  return name.startsWith(CLERK);
}
