/**
 * Submissions that are the same apart from formatting, comments, types and names: each file
 * has a hash of its normalized syntax tree, and equal ones are named to the instructor. That
 * accuses nobody: there may be a common source that is allowed.
 *
 * Names of the language, of zod and of the lab stay as they are, so that a `push` is no `pop`.
 * All others are replaced by the order in which they first occur.
 *
 * @module
 */

import type { Node } from "acorn";
import { z } from "zod";
import { bundler } from "../realm/bundle.ts";
import type { SubmissionResult } from "./result.ts";
import { hashOf } from "../seeds.ts";

/** The number of digits of a hash that are kept. */
const DIGITS = 20;

/** Shorter programs may be the same by chance: twice the length of what students start from. */
const SHORT_LENGTH = 20_000;

/** The number of submissions that a note names. */
const NAMES_MAX = 10;

/** The names of the lab. */
const OF_LAB = [
  ...["get", "put", "append", "rpc", "args", "reply", "key", "value", "call", "me", "peers"],
  ...["nservers", "nreplicas", "KVServer", "Clerk", "PutAppendArgs", "PutAppendReply"],
  ...["GetArgs", "GetReply", "TimeoutError", "ClientEnd", "z"],
];

const BUILT_IN: object[] = [
  ...[Object, Function, Array, String, Number, BigInt, Symbol, Boolean, RegExp, Date, Promise],
  ...[Map, Set, WeakMap, WeakSet, WeakRef, Error, AggregateError, Iterator, Uint8Array],
  ...[Math, JSON, Reflect, console, crypto, performance, AbortController, AbortSignal],
];

/** The names of properties that are not the student's. */
const KNOWN_PROPERTIES = new Set([
  ...OF_LAB,
  ...BUILT_IN.flatMap(namesOf),
  ...namesOf(z),
  ...[z.object({}), z.string(), z.number(), z.array(z.string()), z.optional(z.string())]
    .flatMap(namesOf),
]);

function namesOf(object: object): string[] {
  const { prototype } = object as { prototype?: object };
  return [object, prototype ?? {}].flatMap((each) => Object.getOwnPropertyNames(each));
}

/** Makes a hash of what a file does, whatever its names and its layout.
 *
 * @param text The text of the file, which the bundler can read.
 * @returns The length of the tree as text, and the hash of it.
 */
export async function likenessOf(text: string): Promise<string> {
  const [{ transform }, { parse }] = await Promise.all([bundler(), import("acorn")]);
  // Variables get names that do not depend on what they were called, each in its scope.
  const { code } = await transform(text, {
    ...{ loader: "ts", format: "esm", target: "es2022", minify: true, legalComments: "none" },
    logLevel: "silent",
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: true } },
  });
  const tree = parse(code, { ecmaVersion: "latest", sourceType: "module" });
  const normalized = JSON.stringify(new Normalizer().normalized(tree));
  return `${normalized.length} ${(await hashOf(normalized)).slice(0, DIGITS)}`;
}

/** Rewrites a syntax tree without the names that its author chose. */
class Normalizer {
  readonly #variables = new Map<string, number>();
  readonly #properties = new Map<string, number>();

  normalized(value: unknown, isProperty = false): unknown {
    if (Array.isArray(value)) return value.map((each) => this.normalized(each));
    if (typeof value === "bigint") return String(value);
    if (typeof value === "string") {
      // A call names its method in a text.
      return value.replace(
        /^KVServer\.(\w+)$/,
        (_, method) => `KVServer.${this.#property(method)}`,
      );
    }
    if (!isNode(value)) return value instanceof RegExp ? String(value) : value;
    const { type, name } = value;
    if (name !== undefined && (type === "Identifier" || type === "PrivateIdentifier")) {
      return [
        type,
        isProperty || type === "PrivateIdentifier" ? this.#property(name) : this.#variable(name),
      ];
    }
    // They stand in the order of their names, behind all else.
    const { specifiers } = value;
    if (type === "ExportNamedDeclaration" && specifiers !== undefined) {
      const local = (each: Specifier) => this.#variable(each.local.name);
      return specifiers.toSorted((one, other) => local(one) < local(other) ? -1 : 1)
        .map((each) => this.normalized(each));
    }
    return Object.entries(value).filter(([field]) => !LAYOUT.includes(field)).map(
      ([field, part]) => {
        const isNamed = NAMED.includes(`${type}.${field}`) && value.computed !== true;
        return [field, this.normalized(part, isNamed)];
      },
    );
  }

  #property(name: string): string {
    return KNOWN_PROPERTIES.has(name) ? name : numbered(this.#properties, name);
  }

  #variable(name: string): string {
    return name in globalThis ? name : numbered(this.#variables, name);
  }
}

/** A part of a syntax tree. */
type SyntaxNode = Node & { name?: string; computed?: boolean; specifiers?: Specifier[] };

/** A name that a module exports. */
interface Specifier {
  local: { name: string };
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && "type" in value;
}

/** The fields that only say where something stands, or how it is written. */
const LAYOUT = ["start", "end", "raw", "shorthand"];

/** The places where an identifier is the name of a property, or of an export. */
const NAMED = [
  ...["MemberExpression.property", "Property.key", "MethodDefinition.key"],
  ...["PropertyDefinition.key", "ImportSpecifier.imported", "ExportSpecifier.exported"],
];

function numbered(numbers: Map<string, number>, name: string): string {
  const number = numbers.get(name) ?? numbers.size;
  numbers.set(name, number);
  return `#${number}`;
}

/** The end of a note. */
const SAME = "apart from formatting and names";

/** Adds a note to each result whose `server.ts` is the same as that of others, in the place of
 * those that a part of the class has. A `client.ts` alone is not told: there are not many ways
 * to write a short one.
 *
 * @param results Those of a class, or of all its parts.
 * @param handedOut The hash of the `server.ts` that students start from.
 */
export function withLikeness(
  results: readonly SubmissionResult[],
  handedOut: string,
): SubmissionResult[] {
  const groups = Map.groupBy(results, ({ likeness }) => likeness?.["server.ts"]);
  return results.map((result) => {
    const { likeness } = result;
    const server = likeness?.["server.ts"];
    if (server === undefined || server === handedOut) return result;
    const others = groups.get(server)!.filter((other) => other !== result);
    const hasSameClient = (other: SubmissionResult) => {
      return other.likeness?.["client.ts"] === likeness!["client.ts"];
    };
    const isShort = parseInt(server) < SHORT_LENGTH;
    const notes = [
      ...noteOf("client.ts and server.ts are", others.filter(hasSameClient), isShort),
      ...noteOf("server.ts is", others.filter((other) => !hasSameClient(other)), isShort),
    ];
    return { ...result, notes: [...result.notes.filter((note) => !note.includes(SAME)), ...notes] };
  });
}

function noteOf(
  what: string,
  others: readonly SubmissionResult[],
  isShort: boolean,
): string[] {
  if (others.length === 0) return [];
  const names = others.slice(0, NAMES_MAX).map(({ submission }) => `"${submission}"`);
  const more = others.length > NAMES_MAX ? ` and ${others.length - NAMES_MAX} more` : "";
  const chance = isShort ? "; a program this short may be so by chance" : "";
  const same = `${what} the same as in ${names.join(", ")}${more}`;
  return [`${same}, ${SAME}${chance}`];
}

/** The hash of the `server.ts` that students start from. */
export async function handedOutLikeness(): Promise<string> {
  const places = ["../../corpus/skeleton/server.ts", "../../server.ts"];
  const texts = await Promise.all(places.map((place) => {
    return Deno.readTextFile(new URL(place, import.meta.url)).catch(() => undefined);
  }));
  return await likenessOf(texts.find((text) => text !== undefined)!);
}
