/**
 * Values inside of machines, as plain data.
 *
 * @module
 */

import { z } from "zod";
import { Index } from "./numbers.ts";

/** The change of a value in the last step. */
export const Change = z.enum(["added", "changed", "removed"]);
export type Change = z.infer<typeof Change>;

/** A field of an object, an item of a list, or an entry of a map, with its value. */
export interface Member {
  /** The name of a field (`#private` ones with their #) or the index of an item; absent in a
   * set, and in a map, which has `key`. */
  name?: string | undefined;
  /** The key of an entry of a map. */
  key?: Shown | undefined;
  value: Shown;
  /** Absent if it is as it was. A `removed` member is one that is not there any more, with its
   * last value. An object around a change is not `changed` itself: see {@linkcode Shown}. */
  change?: Change | undefined;
}

/** A value as plain data. */
export type Shown =
  /** Text to be shown as it is, for example `"a"` with its quotes, `3`, `undefined`,
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
    /** The number of characters of a string that was cut; then it can be opened. */
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
    /** Absent if all of it is listed; if given, the page may ask for more with `open`. An object
     * that is too deep has no members and a path. */
    path?: string | undefined;
  };

export const Shown: z.ZodType<Shown> = z.lazy(() =>
  z.union([
    z.strictObject({
      is: z.literal("text"),
      type: z.enum(["string", "number", "bigint", "boolean", "nothing", "function", "other"]),
      text: z.string(),
      length: Index.optional(),
      path: z.string().optional(),
    }),
    z.strictObject({
      is: z.enum(["object", "list", "map", "set"]),
      type: z.string(),
      size: Index,
      members: z.array(Member),
      hasChanges: z.boolean().optional(),
      path: z.string().optional(),
    }),
  ])
);
export const Member: z.ZodType<Member> = z.lazy(() =>
  z.strictObject({
    name: z.string().optional(),
    key: Shown.optional(),
    value: Shown,
    change: Change.optional(),
  })
);
