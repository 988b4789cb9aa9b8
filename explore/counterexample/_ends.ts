/**
 * The names of links, which say whose they are.
 *
 * @module
 */

import { serverName } from "../../testing/names.ts";

/** Returns the number of the clerk that calls on a link; `undefined` if a server does.
 *
 * @param end The name of the link, for example "clerk 0 to server 1". */
export function clerkOf(end: string): number | undefined {
  const [, clerk] = end.match(/^clerk (\d+) /) ?? [];
  return clerk === undefined ? undefined : Number(clerk);
}

/** Returns the name of the link from one server to another. */
export function forwardEnd(from: number, to: number): string {
  return `${serverName(from)} to ${serverName(to)}`;
}

/** Returns the two servers of a link.
 *
 * @param end The name of the link, for example "server 0 to server 1". */
export function serversOf(end: string): { from: number; to: number } {
  const [, from, to] = end.match(/^server (\d+) to server (\d+)$/)!;
  return { from: Number(from), to: Number(to) };
}
