/**
 * Values that a realm threw, as values that the lab's own code can inspect.
 *
 * @module
 */

import { RpcError, TimeoutError } from "../../labrpc.ts";
import { SubmissionError } from "../../testing/machines.ts";
import type { Bundle } from "./bundle.ts";
import type { ThrownText } from "./inside/boundary.ts";
import { originalStack } from "./source_positions.ts";

/** A value of a realm that is neither a string nor an error. */
export class ForeignValue {
  readonly #shown: string;
  readonly #text: string;

  /** @param shown A readable text of the value.
   * @param text The result of `String(value)`. */
  constructor(shown: string, text: string = shown) {
    this.#shown = shown;
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }

  /** Returns the text for `Deno.inspect()`. */
  [Symbol.for("Deno.customInspect")](): string {
    return this.#shown;
  }
}

/** Returns the error or the value that a text describes, with positions in the student's files. */
export function fromThrown(thrown: ThrownText, bundle: Bundle): unknown {
  const { kind, name, message, link, errors } = thrown;
  const stack = originalStack(thrown.stack, bundle);
  switch (kind) {
    case "value":
      return new ForeignValue(message, name);
    case "timeout":
      return withStack(new TimeoutError("", link), message, stack);
    case "rpc":
      return withStack(new RpcError(message), message, stack);
    case "submission":
      return withStack(new SubmissionError(message), message, stack);
    case "error": {
      const error = errors === undefined
        ? new Error(message)
        : new AggregateError(errors.map((each) => fromThrown(each, bundle)), message);
      error.name = name;
      return withStack(error, message, stack);
    }
  }
}

function withStack(error: Error, message: string, stack: string): Error {
  error.message = message;
  error.stack = stack;
  return error;
}
