/**
 * Mutants: small changes of a program, each of which should make some test fail.
 *
 * Comments, types, imports and messages for people are not changed. Changes that cannot have an
 * effect, for example removing the `await` of a `return await` outside of a `try`, are not made.
 *
 * @module
 */

import { parse } from "@babel/parser";
import { CommandError } from "../cli/mod.ts";
import { type Change, changesOf, type Node, nodesIn, type Place } from "./_changes.ts";

/** One small change of one file. */
export interface Mutant {
  /** The file, for example `"server.ts"`. */
  readonly file: string;
  /** The line and column of the changed code, from 1. */
  readonly line: number;
  readonly column: number;
  /** The function or class around it; empty at the top of the file. */
  readonly inside: string;
  /** The first line of the changed code, without its indentation. */
  readonly text: string;
  /** The code before and after the change, in one line and cut to a readable length; `after` is
   * empty if code was removed. */
  readonly before: string;
  readonly after: string;
  /** The whole file after the change. */
  readonly source: string;
}

/** The maximum length of `before` and `after`, in characters. */
const SHOWN_LENGTH_MAX = 100;

/** Returns all mutants of a file, in the order of the lines.
 *
 * @throws {CommandError} It is not TypeScript.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { mutantsOf } from "./mutants.ts";
 *
 * const changes = mutantsOf("a.ts", "const later = now < 7;").map(({ after }) => after);
 * assertEquals(changes, ["now <= 7", "now >= 7", "8", "6"]);
 * ```
 */
export function mutantsOf(file: string, source: string): Mutant[] {
  const mutants = new Map<string, Mutant>();
  const visit = (node: Node, place: Place) => {
    for (const change of changesOf(node, place, source)) {
      const mutant = apply(change, file, source, place.inside);
      if (mutant.source !== source) mutants.set(mutant.source, mutant);
    }
    for (const [child, next] of nodesIn(node, place)) visit(child, next);
  };
  visit(programOf(file, source), { inside: "", parent: undefined, key: "", isTried: false });
  return [...mutants.values()].sort((a, b) => a.line - b.line || a.column - b.column);
}

function programOf(file: string, source: string): Node {
  try {
    const { program } = parse(source, {
      sourceType: "module",
      plugins: ["typescript", "decorators"],
    });
    return program as unknown as Node;
  } catch (error) {
    throw new CommandError(`Cannot parse ${file}: ${(error as Error).message}; correct it first`);
  }
}

function apply({ start, end, text }: Change, file: string, source: string, inside: string): Mutant {
  const lines = source.slice(0, start).split("\n");
  const lineStart = start - lines.at(-1)!.length;
  return {
    file,
    line: lines.length,
    column: lines.at(-1)!.length + 1,
    inside,
    text: source.slice(lineStart).split("\n", 1)[0]!.trim(),
    before: shown(source.slice(start, end)),
    after: shown(text),
    source: source.slice(0, start) + text + source.slice(end),
  };
}

function shown(code: string): string {
  const line = code.replaceAll(/\s+/g, " ").trim();
  return line.length <= SHOWN_LENGTH_MAX ? line : `${line.slice(0, SHOWN_LENGTH_MAX - 1)}…`;
}
