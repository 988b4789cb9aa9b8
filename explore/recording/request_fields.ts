/**
 * The fields of a request besides its key and value, by which a server can recognize it, short enough
 * for an arrow of a diagram.
 *
 * @module
 */

import type { PageMessage } from "../../visualizer/mod.ts";

/** The length of a value; a longer one keeps its first and last characters. */
const VALUE_LENGTH_MAX = 8;

/** Returns the fields of a request, for example `seq=3 clerk=10ea…42a0`; "" if it has none. The
 * shortest come first, since a narrow column cuts the end off. */
export function fieldsText({ args = "" }: Pick<PageMessage, "args">): string {
  const { key: _key, value: _value, ...rest } = fieldsOf(args);
  const fields = leavesOf(rest).map(([name, value]) => `${name}=${shorten(value)}`);
  return fields.toSorted((one, other) => one.length - other.length).join(" ");
}

/** Parses arguments or a reply. Long ones were cut when they were recorded, so they are no JSON and
 * have no fields. */
export function fieldsOf(carried: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(carried));
  } catch {
    return {};
  }
}

/** Returns the innermost fields. */
function leavesOf(fields: object): [name: string, value: unknown][] {
  return Object.entries(fields).flatMap(([name, value]): [string, unknown][] => {
    const isGroup = typeof value === "object" && value !== null && !Array.isArray(value);
    return isGroup ? leavesOf(value) : [[name, value]];
  });
}

function shorten(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const half = VALUE_LENGTH_MAX / 2;
  return text.length <= VALUE_LENGTH_MAX + 1 ? text : `${text.slice(0, half)}…${text.slice(-half)}`;
}
