/**
 * The names in a syntax tree that declare something, and those that refer to something. Scopes are
 * ignored: a name that is declared anywhere counts as declared.
 *
 * @module
 */

/** A name in the tree. */
export type Named = Deno.lint.Identifier;

type Node = Deno.lint.Node;

/** The TypeScript nodes whose names are values; in all others, names are types. */
const VALUES = new Set([
  "TSAsExpression",
  "TSNonNullExpression",
  "TSSatisfiesExpression",
  "TSTypeAssertion",
  "TSInstantiationExpression",
  "TSEnumMember",
]);

/** The nodes whose key is a reference only if it is computed. */
const KEYED = new Set([
  "Property",
  "MethodDefinition",
  "PropertyDefinition",
  "AccessorProperty",
  "TSEnumMember",
]);

/** The nodes whose names never refer to a global. */
const NO_REFERENCE = new Set([
  "LabeledStatement",
  "BreakStatement",
  "ContinueStatement",
  "MetaProperty",
  "ImportSpecifier",
  "ImportDefaultSpecifier",
  "ImportNamespaceSpecifier",
  "ImportAttribute",
  "ExportSpecifier",
  "ExportAllDeclaration",
]);

const DECLARES = new Set([
  "ImportSpecifier",
  "ImportDefaultSpecifier",
  "ImportNamespaceSpecifier",
  "TSEnumDeclaration",
  "TSImportEqualsDeclaration",
  "TSParameterProperty",
  "RestElement",
  "ArrayPattern",
]);

/** The nodes of destructuring. */
const PATTERNS = new Set([
  "ArrayPattern",
  "ObjectPattern",
  "Property",
  "AssignmentPattern",
  "RestElement",
]);

const FUNCTIONS = new Set([
  "FunctionDeclaration",
  "FunctionExpression",
  "ArrowFunctionExpression",
]);

/** Returns true if two nodes are at the same place; nodes have no identity. */
export function isSame(one: Node | null | undefined, other: Node): boolean {
  return one?.range[0] === other.range[0] && one.range[1] === other.range[1];
}

/** Returns the names that a file declares, each with the number of its declarations. */
export function namesDeclared(identifiers: readonly Named[]): Map<string, number> {
  const declared = new Map<string, number>();
  for (const node of identifiers) {
    if (isDeclaration(node)) declared.set(node.name, (declared.get(node.name) ?? 0) + 1);
  }
  return declared;
}

/** Returns true if a name declares a variable, a function, a class or an import. With `declare` it
 * does not. */
export function isDeclaration(node: Named): boolean {
  return isBinding(node) && !isAmbient(node.parent) &&
    !isAmbient((node.parent as { parent?: Node }).parent);
}

function isBinding(node: Named): boolean {
  const { parent } = node;
  if (isAssigned(node)) return false;
  if (DECLARES.has(parent.type)) return true;
  switch (parent.type) {
    case "VariableDeclarator":
    case "ClassDeclaration":
    case "ClassExpression":
      return parent.id?.range[0] === node.range[0];
    case "AssignmentPattern":
      return parent.left.range[0] === node.range[0];
    case "Property":
      return parent.parent.type === "ObjectPattern" && parent.value.range[0] === node.range[0];
    case "CatchClause":
      return true;
    default:
      // In a function, a name is that of the function, a parameter, or the body of an arrow function.
      return FUNCTIONS.has(parent.type) && !isArrowBody(node);
  }
}

/** Returns true for a name in a pattern to which values are assigned. */
function isAssigned(node: Named): boolean {
  let [pattern, parent]: [Node, Node | undefined] = [node, node.parent];
  while (parent !== undefined && PATTERNS.has(parent.type)) {
    [pattern, parent] = [parent, (parent as { parent?: Node }).parent];
  }
  return parent?.type === "AssignmentExpression" && pattern !== node &&
    isSame(parent.left, pattern);
}

/** Returns true if a name reads or writes a variable. */
export function isReference(node: Named): boolean {
  const { parent } = node;
  if (NO_REFERENCE.has(parent.type) || isBinding(node)) return false;
  if (parent.type.startsWith("TS") && !VALUES.has(parent.type)) return false;
  if (parent.type === "MemberExpression") {
    return parent.computed || parent.object.range[0] === node.range[0];
  }
  if (!KEYED.has(parent.type)) return true;
  const { key, id, computed, shorthand } = parent as unknown as {
    key?: Node;
    id?: Node;
    computed?: boolean;
    shorthand?: boolean;
  };
  return computed === true || shorthand === true || !isSame(key ?? id, node);
}

/** Returns the name of the member in `object.name` or `object["name"]`. */
export function keyOf(object: Node): string | undefined {
  const { parent } = object as { parent?: Node };
  if (parent?.type !== "MemberExpression" || parent.object.range[0] !== object.range[0]) {
    return undefined;
  }
  if (isSame(parent.property, object)) return undefined;
  const { property } = parent;
  if (!parent.computed) return property.type === "Identifier" ? property.name : undefined;
  return property.type === "Literal" && typeof property.value === "string"
    ? property.value
    : undefined;
}

function isArrowBody(node: Named): boolean {
  return node.parent.type === "ArrowFunctionExpression" && isSame(node.parent.body, node);
}

function isAmbient(node: Node | null | undefined): boolean {
  return (node as { declare?: boolean } | undefined)?.declare === true;
}
