/**
 * Values inside machines, as plain data.
 *
 * @module
 */

/** The change of a value in the last step. */
export type Change = "added" | "changed" | "removed";

/** A field of an object, an item of a list, or an entry of a map, with its value. */
export interface Member {
  /** The name of a field (`#private` ones with their #) or the index of an item; absent in a
   * set, and in a map, which has `key`. */
  name?: string | undefined;
  /** The key of an entry of a map. */
  key?: Shown | undefined;
  value: Shown;
  /** Absent if the member did not change. A `removed` member has its last value. An object around
   * a change is not `changed` itself, see {@linkcode Shown}. */
  change?: Change | undefined;
}

/** A value as plain data. */
export type Shown =
  /** Text to show unchanged, for example `"a"` with its quotes, `3`, `undefined`,
   * `function f()`, `Promise`. */
  | {
    is: "text";
    type:
      | "string"
      | "number"
      | "bigint"
      | "boolean"
      | "nothing"
      | "function"
      | "other";
    text: string;
    /** The number of characters of a string that was cut and can be opened. */
    length?: number | undefined;
    path?: string | undefined;
  }
  /** An object with its members. */
  | {
    is: "object" | "list" | "map" | "set";
    /** The name of its class, for example "Object", "Map", "KVServer". */
    type: string;
    /** The number of its members, which may be more than are listed. */
    size: number;
    members: Member[];
    /** True if something in it changed in the last step. */
    hasChanges?: boolean | undefined;
    /** The path with which the page can ask for all members with `open`; absent if all are listed.
     * An object that is too deep has a path and no members. */
    path?: string | undefined;
  };
