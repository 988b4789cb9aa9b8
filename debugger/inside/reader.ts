/**
 * Reads the objects of a machine as plain data, up to limits, without running their code: no getter,
 * no `toString`, no trap of a proxy.
 *
 * Unchanged parts are the same objects as in an earlier reading, so that many readings take little
 * memory, and changes are found quickly.
 *
 * @module
 */

import type { Member, Shown } from "../protocol.ts";
import { isObject, type Kind, kindOf, NO_KEY, other, type Text, textOf, visit } from "./parts.ts";

/** Limits of a reading. */
export interface ReadLimits {
  /** Objects in objects. */
  depth: number;
  /** Members of one object. */
  members: number;
  /** Characters of one text. */
  text: number;
  /** Values in all. */
  values: number;
}

/** The limits at every step. */
export const STEP_LIMITS: ReadLimits = { depth: 5, members: 100, text: 200, values: 3000 };
/** The limits for a value that a reader opened. */
export const OPEN_LIMITS: ReadLimits = { depth: 4, members: 2000, text: 100_000, values: 20_000 };

/** The values that texts were made of. */
const sources = new WeakMap<Shown, unknown>();

/** Reads a value.
 *
 * @param previous The reading before, if there was one. */
export function read(value: unknown, limits: ReadLimits, previous?: Shown): Shown {
  return new Reading(limits).read(value, previous, 0);
}

/** Finds a value in another.
 *
 * @param path The places of members, from outside in; of a map, those of its entries.
 * @returns `undefined` if there is none. */
export function valueAt(value: unknown, path: readonly number[]): unknown {
  let at = value;
  for (const place of path) {
    let found: unknown;
    let count = 0;
    if (isObject(at)) {
      visit(
        at,
        kindOf(at),
        place + 1,
        (_name, _key, value) => void (count++ === place && (found = value)),
      );
    }
    at = found;
  }
  return at;
}

/** One reading. */
class Reading {
  readonly #limits: ReadLimits;
  readonly #around: unknown[] = [];
  #left: number;

  constructor(limits: ReadLimits) {
    this.#limits = limits;
    this.#left = limits.values;
  }

  read(value: unknown, previous: Shown | undefined, depth: number): Shown {
    this.#left--;
    if (!isObject(value)) {
      if (previous?.is === "text" && isSource(previous, value)) return previous;
      return this.#text(textOf(value, this.#limits.text), value, previous);
    }
    const kind = kindOf(value);
    if (kind.isAtom) return this.#text(textOf(value, this.#limits.text), value, previous);
    if (this.#around.includes(value)) {
      return this.#text(other("(the same as one around it)"), value, previous);
    }
    this.#around.push(value);
    const read = this.#container(value, kind, previous, depth);
    this.#around.pop();
    return read;
  }

  #text(made: Text, value: unknown, previous: Shown | undefined): Shown {
    if (!isObject(value)) sources.set(made, value);
    const isSame = previous?.is === "text" && previous.text === made.text &&
      previous.type === made.type && previous.length === made.length && !isObject(value) ===
        sources.has(previous);
    return isSame ? previous : made;
  }

  #container(value: object, kind: Kind, previous: Shown | undefined, depth: number): Shown {
    const { is, type } = kind;
    const before = previous?.is === is && previous.type === type ? previous : undefined;
    const isTooDeep = depth >= this.#limits.depth || this.#left <= 0;
    let count = 0;
    // Members are copied only after the first change.
    let members: Member[] | undefined = before === undefined ? [] : undefined;
    const size = visit(value, kind, isTooDeep ? 0 : this.#limits.members, (name, key, value) => {
      if (this.#left <= 0) return;
      const earlier = before?.members[count];
      const member = this.#member(name, key, value, earlier, depth + 1);
      if (members === undefined && member !== earlier) members = before!.members.slice(0, count);
      members?.push(member);
      count++;
    });
    if (members === undefined && size === before!.size && count === before!.members.length) {
      return before!;
    }
    return { is, type, size, members: members ?? before!.members.slice(0, count) };
  }

  #member(
    name: string | undefined,
    key: unknown,
    value: unknown,
    earlier: Member | undefined,
    depth: number,
  ): Member {
    const before = earlier?.name === name ? earlier : undefined;
    const shown = this.read(value, before?.value, depth);
    if (key === NO_KEY) {
      if (before !== undefined && before.key === undefined && before.value === shown) return before;
      return name === undefined ? { value: shown } : { name, value: shown };
    }
    const shownKey = this.read(key, before?.key, depth);
    if (before !== undefined && before.key === shownKey && before.value === shown) return before;
    return { key: shownKey, value: shown };
  }
}

function isSource(shown: Shown, value: unknown): boolean {
  const source = sources.get(shown);
  // The text of an object has no source.
  return source === value ? source !== undefined || sources.has(shown) : Object.is(source, value);
}
