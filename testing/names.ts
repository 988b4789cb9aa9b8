/**
 * The names of machines and links, which traces and messages contain.
 *
 * @module
 */

const CLERK = "clerk ";
const SERVER = "server ";
const BETWEEN = " to ";

/** Returns the name of a server. */
export function serverName(me: number): string {
  return SERVER + me;
}

/** Returns the name of a clerk. */
export function clerkName(id: number): string {
  return CLERK + id;
}

/** Returns true if a name is that of a clerk and not of a server. */
export function isClerk(name: string): boolean {
  return name.startsWith(CLERK);
}

/** Returns the name of a link.
 *
 * @param from The name of the calling machine, for example "clerk 0".
 * @param to The number of the called server. */
export function linkName(from: string, to: number): string {
  return from + BETWEEN + serverName(to);
}

/** Returns the names of the machines at the two ends of a link.
 *
 * @param link Its name, for example "clerk 0 to server 1". */
export function endsOf(link: string): [from: string, to: string] {
  return link.split(BETWEEN) as [string, string];
}

/** Returns the number of the clerk that calls on a link; `undefined` if a server does. */
export function clerkOf(link: string): number | undefined {
  return isClerk(link) ? parseInt(link.slice(CLERK.length)) : undefined;
}

/** Returns the numbers of the two servers of a link.
 *
 * @param link Its name, for example "server 0 to server 1". */
export function serversOf(link: string): { from: number; to: number } {
  const [, from, to] = link.match(/^server (\d+) to server (\d+)$/)!;
  return { from: Number(from), to: Number(to) };
}
