/**
 * Reads the `#private` fields of objects of a student's classes.
 *
 * Code outside of a class cannot read them, and the inspector of the runtime answers only after the
 * current event. So each class of a submission gets a static block that hands out a function which
 * reads the fields. The block is at the end of the class, so that no code moves.
 *
 * @module
 */

import { parse } from "acorn";
import * as nodeModule from "node:module";

/** The private fields of an object by their names, with the `#`. */
export type PrivateFields = Readonly<Record<string, unknown>>;
type Read = (object: object) => PrivateFields;

/** The name of the global function that receives the function of a class. */
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
    // A base class may return an object without them from its constructor.
    const pairs = fields.map((name) => `...(${name} in o ? {"${name}": o.${name}} : {})`);
    const block = ` static { globalThis[Symbol.for("${NAME}")]?.(this, (o) => ({${
      pairs.join(",")
    }})); } `;
    script = script.slice(0, end - 1) + block + script.slice(end - 1);
  }
  return script;
}

/** Accepts the functions of classes that are loaded from now on. */
export function takeReaders(): void {
  Object.defineProperty(globalThis, Symbol.for(NAME), {
    configurable: true,
    value: (made: { prototype: object }, read: Read) => void readers.set(made.prototype, read),
  });
}

/** Makes the private fields readable in modules that are loaded from now on.
 *
 * @param isWanted Returns true for the addresses of these modules. */
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

/** Removes the types of TypeScript. Spaces replace them, unless the code needs more than that. */
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
