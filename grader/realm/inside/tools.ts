/**
 * The script "tools" of a realm: turns values into readable texts.
 *
 * @module
 */

import inspect from "object-inspect";
import type { ThrownText } from "./boundary.ts";
import { describeThrown } from "./describe.ts";

const SHOWN = { depth: 2, maxStringLength: 60, quoteStyle: "double" } as const;
const PRINTED = { depth: 5, maxStringLength: 10_000, quoteStyle: "double" } as const;

/** The functions of this script that the prelude uses. */
export interface Tools {
  /** Returns a value as failure reports show it. */
  show(value: unknown): string;
  /** Returns a value as a console prints it. */
  print(value: unknown): string;
  /** Returns the JSON text of the {@linkcode ThrownText} of a thrown value.
   *
   * @param kindOf Returns the kind of an error. */
  thrown(error: unknown, kindOf: (error: object) => ThrownText["kind"]): string;
}

function show(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : inspect(value, SHOWN);
}

export const made: Tools = {
  show,
  print(value) {
    if (typeof value === "string") return value;
    if (value instanceof Error) return String(value.stack ?? value);
    return inspect(value, PRINTED);
  },
  thrown: (error, kindOf) => JSON.stringify(describeThrown(error, show, kindOf)),
};
