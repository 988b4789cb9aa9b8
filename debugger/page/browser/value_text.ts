/**
 * Values in one line, and the columns of a map. Nothing here draws.
 *
 * @module
 */

import type { Member, Shown } from "../../protocol.ts";

/** The limits of an object in one line: its length, and the number of its members. */
const COMPACT_LENGTH_MAX = 56;
const COMPACT_MEMBERS_MAX = 4;
/** The number of columns that a map may have for the fields of its values. */
const COLUMNS_MAX = 4;

/** Returns true if a value fits into one line: a text, or a small object in which nothing
 * changed. */
export function isSimple(value: Shown): boolean {
  if (value.is === "text") return true;
  const { members, size, path, hasChanges } = value;
  if (path !== undefined || hasChanges === true) return false;
  if (value.is === "map" && size > 0) return false;
  return size === members.length && size <= COMPACT_MEMBERS_MAX &&
    members.every((member) => member.change === undefined && isPlain(member.value)) &&
    compactText(value).length <= COMPACT_LENGTH_MAX;
}

/** Returns true for a short text, and for an object with nothing in it. */
function isPlain(value: Shown): boolean {
  return value.path === undefined && (value.is === "text" || value.size === 0);
}

/** Returns a value in one line, for example `{ value: "x", version: 1 }`. */
export function compactText(value: Shown): string {
  if (value.is === "text") return value.text;
  const { is, type, members } = value;
  const prefix = ["Object", "Array"].includes(type) ? "" : `${type} `;
  const texts = members.map(({ name, key, value }) => {
    if (key !== undefined) return `${compactText(key)} → ${compactText(value)}`;
    return is === "object" ? `${name}: ${compactText(value)}` : compactText(value);
  });
  const inside = texts.join(", ");
  if (is === "list") return `${prefix}[${inside}]`;
  return inside === "" ? `${prefix}{}` : `${prefix}{ ${inside} }`;
}

/** Returns the names of the fields that the values of a map have, if they can be the columns
 * of its table. */
export function mapColumns(entries: readonly Member[]): string[] | undefined {
  const names = new Set<string>();
  for (const { value } of entries) {
    if (value.is !== "object" || value.path !== undefined) return undefined;
    for (const { name } of value.members) names.add(name!);
  }
  return names.size > 0 && names.size <= COLUMNS_MAX ? [...names] : undefined;
}
