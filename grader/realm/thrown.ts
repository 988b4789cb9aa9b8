/**
 * What a realm threw, as something that the lab's own code can look at.
 *
 * @module
 */

import { RpcError, TimeoutError } from "../../labrpc.ts";
import { SubmissionError } from "../../testing/machines.ts";
import type { ThrownText } from "./inside/boundary.ts";

/** Stands for a value of a realm that is no string and no error. */
export class ForeignValue {
  readonly #shown: string;
  readonly #text: string;

  /** @param shown A readable text of it.
   * @param text What `String` makes of it. */
  constructor(shown: string, text: string = shown) {
    this.#shown = shown;
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }

  /** The text that `Deno.inspect` shows. */
  [Symbol.for("Deno.customInspect")](): string {
    return this.#shown;
  }
}

/** Makes an error, or a value, that says what a realm threw.
 *
 * @param thrown What it was.
 * @param positions Puts the positions of a stack back to the student's files.
 */
export function fromThrown(thrown: ThrownText, positions: (stack: string) => string): unknown {
  const { kind, name, message, stack, link, errors } = thrown;
  switch (kind) {
    case "value":
      return new ForeignValue(message, name);
    case "timeout":
      return withStack(new TimeoutError("", link), message, positions(stack));
    case "rpc":
      return withStack(new RpcError(message), message, positions(stack));
    case "submission":
      return withStack(new SubmissionError(message), message, positions(stack));
    case "error": {
      const error = errors === undefined
        ? new Error(message)
        : new AggregateError(errors.map((each) => fromThrown(each, positions)), message);
      error.name = name;
      return withStack(error, message, positions(stack));
    }
  }
}

function withStack(error: Error, message: string, stack: string): Error {
  error.message = message;
  error.stack = stack;
  return error;
}
