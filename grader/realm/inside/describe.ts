/**
 * Describes a value that student code threw as text.
 *
 * The value may be a proxy, or an object with getters that throw. Reading it runs the student's
 * code, so every read may fail, and a result counts only if it is a string.
 *
 * @module
 */

import { linkOfTimeout } from "../../../labrpc/errors.ts";
import type { ThrownText } from "./boundary.ts";

/** The number of errors of an `AggregateError` that are described. */
const ERRORS_MAX = 10;

/** The number of characters of each text that are kept. */
const TEXT_LENGTH_MAX = 20_000;

/** Describes a thrown value.
 *
 * @param show Returns a readable text of a value that is not an error. It must not pass objects of
 * another realm to the value's own code.
 * @param kindOf Returns the kind of an error.
 */
export function describeThrown(
  thrown: unknown,
  show: (value: unknown) => string,
  kindOf: (error: object) => ThrownText["kind"],
  depth = 0,
): ThrownText {
  if (!isError(thrown)) {
    const name = attempt(() => String(thrown));
    return { kind: "value", name, message: attempt(() => show(thrown)), stack: "" };
  }
  const described: ThrownText = {
    kind: kindOf(thrown),
    name: textOf(thrown, "name"),
    message: textOf(thrown, "message"),
    stack: textOf(thrown, "stack"),
    link: linkOfTimeout(thrown),
  };
  if (depth > 0 || attempt(() => String(thrown instanceof AggregateError)) !== "true") {
    return described;
  }
  const { errors } = thrown as AggregateError;
  if (Array.isArray(errors)) {
    const first = errors.slice(0, ERRORS_MAX);
    described.errors = first.map((each) => describeThrown(each, show, kindOf, depth + 1));
  }
  return described;
}

/** Returns true for an error of any realm. */
function isError(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  try {
    return value instanceof Error || Object.prototype.toString.call(value) === "[object Error]";
  } catch {
    return false;
  }
}

function textOf(error: object, field: string): string {
  return attempt(() => {
    const value: unknown = (error as Record<string, unknown>)[field];
    return typeof value === "string" ? value : "";
  });
}

function attempt(read: () => string): string {
  try {
    return read().slice(0, TEXT_LENGTH_MAX);
  } catch {
    return "";
  }
}
