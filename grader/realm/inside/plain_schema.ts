/**
 * Recognizes plain schemas, which only describe data: such a schema always gives the same verdict
 * on the same text, so that the verdict can be kept.
 *
 * @module
 */

/** The depth of nested schemas that is inspected; a schema may contain itself. */
const DEPTH_MAX = 5;

/** The parts of a zod schema that matter here. */
interface Definition {
  readonly type?: unknown;
  readonly checks?: readonly { _zod: { def: Definition } }[];
  readonly check?: unknown;
  readonly when?: unknown;
  readonly coerce?: unknown;
  readonly pattern?: RegExp;
  readonly shape?: Record<string, unknown>;
  readonly catchall?: unknown;
  readonly element?: unknown;
  readonly innerType?: unknown;
  readonly options?: readonly unknown[];
}

/** Checks without state. Limits of length carry a function, which may have state. */
const CHECKS: unknown[] = [
  "greater_than",
  "less_than",
  "multiple_of",
  "number_format",
  "string_format",
];

/** Returns true if a schema is known to be plain. */
export function isPlainSchema(schema: unknown, depth = 0): boolean {
  try {
    return depth < DEPTH_MAX && isPlain(definitionOf(schema), depth + 1);
  } catch {
    return false;
  }
}

function definitionOf(schema: unknown): Definition {
  return (schema as { _zod: { def: Definition } })._zod.def;
}

function isPlain(definition: Definition, depth: number): boolean {
  const { type, checks = [], coerce } = definition;
  if (coerce === true || !isPlainCheck(definition)) return false;
  if (!checks.every((each) => isPlainCheck(definitionOf(each)))) return false;
  const arePlain = (schemas: readonly unknown[]) => {
    return schemas.every((schema) => isPlainSchema(schema, depth));
  };
  switch (type) {
    case "string":
    case "number":
    case "boolean":
    case "null":
    case "literal":
    case "enum":
    case "never":
    case "unknown":
      return true;
    case "object": {
      const { shape = {}, catchall } = definition;
      return arePlain(Object.values(shape)) && (catchall === undefined || arePlain([catchall]));
    }
    case "array":
      return arePlain([definition.element]);
    case "optional":
    case "nullable":
      return arePlain([definition.innerType]);
    case "union":
      return arePlain(definition.options!);
    default:
      return false;
  }
}

/** Returns true for a check without state. A global pattern has state: its last index. */
function isPlainCheck({ check, when, pattern }: Definition): boolean {
  const isStateless = pattern === undefined || !pattern.global && !pattern.sticky;
  return isStateless && when === undefined && (check === undefined || CHECKS.includes(check));
}
