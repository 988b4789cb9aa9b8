/**
 * The names of links, which say whose they are.
 *
 * @module
 */

import { serverName } from "./names.ts";

const BETWEEN = " to ";

/** Returns the name of a link.
 *
 * @param from The name of the machine that calls on it, for example "clerk 0".
 * @param to The number of the server that is called. */
export function linkName(from: string, to: number): string {
  return from + BETWEEN + serverName(to);
}

/** Returns the names of the machines at the two ends of a link.
 *
 * @param link Its name, for example "clerk 0 to server 1". */
export function endsOf(link: string): [from: string, to: string] {
  return link.split(BETWEEN) as [string, string];
}

/** Returns the number of the clerk that calls on a link; `undefined` if a server does.
 *
 * @param link Its name, for example "clerk 0 to server 1". */
export function clerkOf(link: string): number | undefined {
  const [, clerk] = link.match(/^clerk (\d+) /) ?? [];
  return clerk === undefined ? undefined : Number(clerk);
}

/** Returns the numbers of the two servers of a link.
 *
 * @param link Its name, for example "server 0 to server 1". */
export function serversOf(link: string): { from: number; to: number } {
  const [, from, to] = link.match(/^server (\d+) to server (\d+)$/)!;
  return { from: Number(from), to: Number(to) };
}
