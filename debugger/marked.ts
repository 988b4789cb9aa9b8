/**
 * A reading of a machine, with marks at differences from the reading before, and with the addresses
 * of values that were read in part.
 *
 * @module
 */

import type { Member, Shown } from "./protocol.ts";

type Container = Extract<Shown, { members: Member[] }>;

/** Marks what changed.
 *
 * @param before The reading before; absent if there was none, and then nothing is marked.
 * @param address The address of the value: the machine, and the places of members from outside
 * in. */
export function marked(before: Shown | undefined, after: Shown, address: string): Shown {
  if (after.is === "text") return after.length === undefined ? after : { ...after, path: address };
  const isWhole = after.members.length === after.size;
  const path = isWhole ? {} : { path: address };
  if (before === after || before === undefined || before.is !== after.is) {
    const members = after.members.map((member, place) => {
      return withAddress(member, member.value, `${address}/${place}`);
    });
    return { ...after, members, ...path };
  }
  const members = markedMembers(before as Container, after, address);
  const hasChanges = members.some(({ change, value }) => {
    return change !== undefined || (value.is !== "text" && value.hasChanges === true);
  });
  return { ...after, members, ...path, ...hasChanges ? { hasChanges } : {} };
}

function withAddress(member: Member, before: Shown | undefined, address: string): Member {
  return { ...member, value: marked(before, member.value, address) };
}

function markedMembers(before: Container, after: Container, address: string): Member[] {
  const earlier = new Map(before.members.map((member) => [nameOf(member), member]));
  const members = after.members.map((member, place): Member => {
    const name = nameOf(member);
    const old = earlier.get(name);
    earlier.delete(name);
    if (old === undefined) {
      // A member beyond the limit of the reading before is not new.
      const isNew = before.members.length === before.size;
      const shown = withAddress(member, member.value, `${address}/${place}`);
      return isNew ? { ...shown, change: "added" } : shown;
    }
    const shown = withAddress(member, old.value, `${address}/${place}`);
    return isReplaced(old.value, member.value) ? { ...shown, change: "changed" } : shown;
  });
  if (after.members.length < after.size) return members;
  return [...members, ...earlier.values().map((gone): Member => ({ ...gone, change: "removed" }))];
}

/** Returns true if a value was replaced, and not only changed inside. */
function isReplaced(before: Shown, after: Shown): boolean {
  if (before === after) return false;
  if (before.is !== "text" && after.is !== "text") {
    return before.is !== after.is || before.type !== after.type;
  }
  return JSON.stringify(before) !== JSON.stringify(after);
}

/** Returns a text that identifies a member in its object. */
function nameOf({ name, key, value }: Member): string {
  return name ?? JSON.stringify(key ?? value);
}

/** Returns the machine and the places that an address is made of.
 *
 * @returns `undefined` if it is not an address. */
export function parseAddress(address: string): { machine: string; path: number[] } | undefined {
  const [machine, ...places] = address.split("/");
  if (machine === undefined || places.some((place) => !/^\d{1,6}$/.test(place))) return undefined;
  return { machine, path: places.map(Number) };
}
