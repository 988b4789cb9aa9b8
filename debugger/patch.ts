/**
 * The difference between two readings of one machine. It is small, because most steps change one
 * entry of a map.
 *
 * @module
 */

import type { Member, Shown } from "./protocol.ts";

type Container = Extract<Shown, { members: Member[] }>;

/** A difference. */
export type Patch =
  /** The value is replaced. */
  | { whole: Shown }
  | {
    /** The number of members that the object has, and of those that were read. */
    size: number;
    length: number;
    /** Members that are new at their places. */
    put: [place: number, member: Member][];
    /** Members whose value differs in parts. */
    within: [place: number, patch: Patch][];
  };

/** Compares two readings. Shared parts cost nothing.
 *
 * @returns `undefined` if they are the same object. */
export function diff(before: Shown | undefined, after: Shown): Patch | undefined {
  if (before === after) return undefined;
  if (before === undefined || !isAlike(before, after)) return { whole: after };
  const put: [number, Member][] = [];
  const within: [number, Patch][] = [];
  const { members } = before as Container;
  for (const [place, member] of (after as Container).members.entries()) {
    const earlier = members[place];
    if (earlier === member) continue;
    const isSameMember = earlier !== undefined && earlier.name === member.name &&
      earlier.key === member.key && isAlike(earlier.value, member.value);
    if (isSameMember) within.push([place, diff(earlier.value, member.value)!]);
    else put.push([place, member]);
  }
  const { size, members: { length } } = after as Container;
  return { size, length, put, within };
}

/** Applies a difference.
 *
 * @param before The first of the two readings. It does not change, and shares its parts with the
 * result. */
export function apply(before: Shown | undefined, patch: Patch): Shown {
  if ("whole" in patch) return patch.whole;
  const { is, type, members: earlier } = before as Container;
  const { size, length, put, within } = patch;
  const members = earlier.slice(0, length);
  for (const [place, member] of put) members[place] = member;
  for (const [place, inner] of within) {
    members[place] = { ...members[place]!, value: apply(members[place]!.value, inner) };
  }
  return { is, type, size, members };
}

function isAlike(before: Shown, after: Shown): boolean {
  return before.is !== "text" && before.is === after.is && before.type === after.type;
}
