/**
 * Reads the `#private` fields of objects of a student's classes.
 *
 * Nothing outside of a class can read them, and the inspector of the runtime answers only when
 * the event is over that one wants to look into. So each class of a submission gets a
 * static block when it is loaded, at its end, where it moves nothing of the code: it hands out
 * a function that reads the fields.
 *
 * @module
 */

import { parse } from "acorn";
import * as nodeModule from "node:module";

/** The private fields of an object by their names, with the `#`. */
export type PrivateFields = Readonly<Record<string, unknown>>;
type Read = (object: object) => PrivateFields;

/** The name under which a class finds what takes its function. */
const NAME = "kvlab private fields";

const readers = new WeakMap<object, Read>();

const { getPrototypeOf } = Object;
const NONE: PrivateFields = {};

/** Returns the private fields of an object, those of its base classes first. */
export function privateFieldsOf(object: object): PrivateFields {
  let fields = NONE;
  for (let at = getPrototypeOf(object); at !== null; at = getPrototypeOf(at)) {
    const read = readers.get(at);
    if (read !== undefined) {
      fields = fields === NONE ? read(object) : { ...read(object), ...fields };
    }
  }
  return fields;
}

/** Gives the classes of a module their static blocks.
 *
 * @param source TypeScript.
 * @returns JavaScript, with each line where it was; the source itself if it cannot be read.
 */
export function withReaders(source: string): string {
  let script: string;
  let bodies: ClassBody[];
  try {
    script = scriptOf(source);
    bodies = classBodiesOf(parse(script, { ecmaVersion: "latest", sourceType: "module" }));
  } catch {
    return source;
  }
  for (const { end, fields } of bodies.sort((one, other) => other.end - one.end)) {
    if (fields.length === 0) continue;
    // What a base class returns from its constructor may lack them.
    const pairs = fields.map((name) => `...(${name} in o ? {"${name}": o.${name}} : {})`);
    const block = ` static { globalThis[Symbol.for("${NAME}")]?.(this, (o) => ({${
      pairs.join(",")
    }})); } `;
    script = script.slice(0, end - 1) + block + script.slice(end - 1);
  }
  return script;
}

/** Takes what the static blocks of classes hand out from now on. */
export function takeReaders(): void {
  Object.defineProperty(globalThis, Symbol.for(NAME), {
    configurable: true,
    value: (made: { prototype: object }, read: Read) => void readers.set(made.prototype, read),
  });
}

/** Lets modules that are loaded from now on have readable private fields.
 *
 * @param isWanted Says of the address of a module if it is one of them. */
export function readPrivateFieldsOf(isWanted: (url: string) => boolean): void {
  takeReaders();
  const { registerHooks } = nodeModule as unknown as { registerHooks(hooks: object): void };
  registerHooks({
    load(url: string, context: unknown, next: (url: string, context: unknown) => Loaded) {
      const loaded = next(url, context);
      if (!isWanted(url) || loaded.source == null) return loaded;
      const { source } = loaded;
      const text = typeof source === "string" ? source : new TextDecoder().decode(source);
      return { ...loaded, source: withReaders(text) };
    },
  });
}

interface Loaded {
  source?: string | Uint8Array | null;
}

/** TypeScript without its types; where they stood are spaces, unless the code makes something
 * of them. */
function scriptOf(source: string): string {
  try {
    return nodeModule.stripTypeScriptTypes(source);
  } catch {
    return nodeModule.stripTypeScriptTypes(source, { mode: "transform" });
  }
}

interface ClassBody {
  readonly end: number;
  readonly fields: readonly string[];
}

/** A node of a syntax tree. */
type Node = Record<string, unknown> & { type?: string; end?: number };

function classBodiesOf(node: unknown): ClassBody[] {
  if (typeof node !== "object" || node === null) return [];
  const below = Object.values(node).flatMap(classBodiesOf);
  const { type, end, body } = node as Node;
  if (type !== "ClassBody") return below;
  return [...below, { end: end!, fields: (body as Node[]).flatMap(privateFieldOf) }];
}

function privateFieldOf({ type, static: isStatic, key }: Node): string[] {
  const { type: kind, name } = (key ?? {}) as Node;
  const isField = type === "PropertyDefinition" && !isStatic && kind === "PrivateIdentifier";
  return isField ? [`#${name}`] : [];
}
