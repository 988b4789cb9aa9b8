/**
 * Programs that are equal apart from formatting, comments, types and names. Each file has a hash of
 * its normalized tokens, and a note names the submissions with equal hashes. It accuses nobody: they
 * may have a common source that is allowed.
 *
 * The names of the language, of zod and of the lab are kept, so that `push` differs from `pop`. Other
 * names become numbers in the order of their first occurrence.
 *
 * @module
 */

import { tokenizer } from "acorn";
import { z } from "zod";
import { nameList } from "../../cli/mod.ts";
import { bundler } from "../realm/bundle.ts";
import type { SubmissionResult } from "./result.ts";
import { hashOf } from "../hash.ts";

/** The number of digits of a hash that are kept. */
const DIGITS = 20;

/** The length below which programs may be equal by chance. */
const SHORT_LENGTH = 20_000;

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
const KNOWN = new Set([
  ...OF_LAB,
  ...BUILT_IN.flatMap(namesOf),
  ...namesOf(z),
  ...[z.object({}), z.string(), z.number(), z.array(z.string()), z.optional(z.string())]
    .flatMap(namesOf),
]);

/** The same names, in the form that the bundler needs. */
const KNOWN_PATTERN = RegExp(`^(?:${[...KNOWN].join("|").replaceAll("$", "\\$")})$`);

function namesOf(object: object): string[] {
  const { prototype } = object as { prototype?: object };
  return [object, prototype ?? {}].flatMap((each) => Object.getOwnPropertyNames(each));
}

/** Returns the length and the hash of a normalized program.
 *
 * @param text The program, which the bundler can read.
 */
export async function likenessOf(text: string): Promise<string> {
  const program = numbered(await minified(text));
  return `${program.length} ${hashOf(program).slice(0, DIGITS)}`;
}

/** Returns a program without types, comments, layout and exports. Variables get names of one or two
 * letters, and unknown properties get names such as `_7_`. */
async function minified(text: string): Promise<string> {
  const { transform } = await bundler();
  const options = { format: "esm", target: "es2022", logLevel: "silent" } as const;
  const { code: plain } = await transform(text, {
    ...{ ...options, loader: "ts" },
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: true } },
  });
  const mangled = { mangleProps: /./, reserveProps: KNOWN_PATTERN, mangleQuoted: true };
  const { mangleCache } = await transform(plain, { ...options, ...mangled, mangleCache: {} });
  const marks = Object.keys(mangleCache!).map((name, i) => [name, `_${i}_`] as const);
  const { code } = await transform(plain, {
    ...{ ...options, ...mangled, mangleCache: Object.fromEntries(marks) },
    ...{ minify: true, legalComments: "none" },
  });
  const ofName = new Map(marks);
  // The name of an RPC is in a string.
  return code.replace(/"KVServer\.(\w+)"/g, (_, name) => `KVServer.${ofName.get(name) ?? name}`)
    .replace(/export\{[^}]*\};?\s*$/, "");
}

/** Replaces each name by a number, in the order of their first occurrence. */
function numbered(code: string): string {
  const numbers = new Map<string, number>();
  let last = "";
  return Array.from(tokenizer(code, { ecmaVersion: "latest" }), ({ type, start, end }) => {
    const isProperty = last === "." || last === "?.";
    const word = last = code.slice(start, end);
    if (type.label !== "name" && type.label !== "privateId") return word;
    // No variable has a name of three letters.
    const isKnown = word in globalThis || KNOWN.has(word) && (isProperty || word.length > 2);
    if (isKnown) return word;
    numbers.set(word, numbers.get(word) ?? numbers.size);
    return `#${numbers.get(word)}`;
  }).join(" ");
}

/** The end of a note. */
const SAME = "apart from formatting and names";

/** Adds a note to each result whose `server.ts` equals that of others, in place of earlier notes of
 * this kind. A `client.ts` is short, so that it may be equal by chance.
 *
 * @param results The results of a class.
 * @param handedOut The hash of the skeleton's `server.ts`.
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
  const names = nameList(others.map(({ submission }) => `"${submission}"`));
  const chance = isShort ? "; a program this short may be so by chance" : "";
  return [`${what} the same as in ${names}, ${SAME}${chance}`];
}

/** Returns the hash of the skeleton's `server.ts`. An autograder has it in place of the solution. */
export async function handedOutLikeness(): Promise<string> {
  const places = ["../../corpus/skeleton/server.ts", "../../server.ts"];
  const texts = await Promise.all(places.map((place) => {
    return Deno.readTextFile(new URL(place, import.meta.url)).catch(() => undefined);
  }));
  return await likenessOf(texts.find((text) => text !== undefined)!);
}
