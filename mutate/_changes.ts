/**
 * The small changes of each kind of syntax node.
 *
 * @module
 */

/** A node of the syntax tree. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  // deno-lint-ignore no-explicit-any
  readonly [property: string]: any;
}

/** The surroundings of a node. */
export interface Place {
  /** The nearest function or class with a name; empty if there is none. */
  readonly inside: string;
  readonly parent: Node | undefined;
  /** The property of the parent that holds the node. */
  readonly key: string;
  /** The `if` statement if the parent is its branch. */
  readonly branch?: Node | undefined;
  /** True if the function would catch the error of an awaited promise. */
  readonly isTried: boolean;
}

/** A part of the source, up to before `end`, and its replacement. */
export interface Change {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The replacements of operators. */
const OPERATORS: Record<string, readonly string[]> = Object.fromEntries(
  [
    ...["+ -", "- +", "* /", "/ *", "% *", "& |", "| &", "<< >>", ">> <<", "++ --", "-- ++"],
    ...["< <= >=", "<= < >", "> >= <=", ">= > <", "=== !==", "!== ===", "== !=", "!= =="],
    ...["+= -=", "-= +=", "??= =", "||= =", "&&= ="],
  ].map((row) => row.split(" ")).map(([operator, ...others]) => [operator, others]),
);

/** The replacements of methods. */
const METHODS: ReadonlyMap<string, string> = new Map([
  ...[["some", "every"], ["min", "max"], ["floor", "ceil"], ["push", "unshift"], ["shift", "pop"]]
    .flatMap(([one, other]): [string, string][] => [[one!, other!], [other!, one!]]),
  ...["all", "any", "allSettled"].map((name): [string, string] => [name, "race"]),
]);

/** The statements to remove. Without a declaration, the rest would not run; an `if` or a loop gets a
 * false condition instead. */
const REMOVABLE = new Set([
  ...["ExpressionStatement", "ReturnStatement", "ThrowStatement", "TryStatement"],
  ...["ForOfStatement", "ForInStatement", "DoWhileStatement"],
  ...["BreakStatement", "ContinueStatement", "SwitchStatement"],
]);

/** The nodes of TypeScript that contain a value. */
const VALUE_OF = new Set([
  ...["TSNonNullExpression", "TSAsExpression", "TSSatisfiesExpression", "TSTypeAssertion"],
  ...["TSParameterProperty", "TSInstantiationExpression"],
]);

const FUNCTIONS = new Set([
  ...["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"],
  ...["ObjectMethod", "ClassMethod", "ClassPrivateMethod"],
]);

/** Yields the children of a node that are code, with their places. */
export function* nodesIn(node: Node, place: Place): Iterable<[Node, Place]> {
  if (isNoCode(node)) return;
  for (const [key, value] of Object.entries(node)) {
    if (key === "key" && !node["computed"]) continue;
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof child?.type !== "string" || typeof child.start !== "number") continue;
      // Comments and directives are nodes, too.
      if (/^(?:Comment|Directive|TSType|TypeAnnotation)/.test(child.type)) continue;
      yield [child, placeBelow(node, key, place)];
    }
  }
}

/** Returns true for types, imports, printed text and the messages of errors. */
function isNoCode(node: Node): boolean {
  const { type, callee } = node;
  if (type.startsWith("TS")) return !VALUE_OF.has(type);
  if (type === "ImportDeclaration" || type === "Decorator") return true;
  if (type === "NewExpression") return /Error$/.test(callee.name ?? "");
  return type === "ExpressionStatement" && node["expression"].callee?.object?.name === "console";
}

function placeBelow(parent: Node, key: string, place: Place): Place {
  let { inside, isTried } = place;
  const isBranch = place.key === "consequent" && place.parent?.type === "IfStatement";
  const name = parent["id"]?.name ?? parent["key"]?.id?.name ?? parent["key"]?.name;
  const isNamed = /Class|Method|FunctionDeclaration/.test(parent.type) ||
    parent.type === "VariableDeclarator" && inside === "";
  if (FUNCTIONS.has(parent.type)) isTried = false;
  if (parent.type === "TryStatement" && (key === "block" || parent["finalizer"])) isTried = true;
  if (isNamed && name !== undefined) inside = name;
  return { inside, parent, key, isTried, branch: isBranch ? place.parent : undefined };
}

/** Yields the changes of one node, without those of its children.
 *
 * @param source The text of the file. */
export function* changesOf(node: Node, place: Place, source: string): Iterable<Change> {
  if (isNoCode(node)) return;
  const { start, end } = node;
  for (const text of [...statementsFor(node, place), ...valuesFor(node, place, source)]) {
    yield { start, end, text };
  }
  yield* partsOf(node, place, source);
}

/** Returns the replacements of a statement or a block. */
function statementsFor(node: Node, place: Place): string[] {
  const { type } = node;
  const { parent, key } = place;
  const isRemovable = REMOVABLE.has(type) || type === "ForStatement" && node["test"] === null;
  if (isRemovable && !isWholeBranch(place)) {
    // The branch of an "if" needs a statement.
    return [/Block|Program|SwitchCase/.test(parent!.type) ? "" : key === "alternate" ? "{}" : ";"];
  }
  const isBody = key === "body" && FUNCTIONS.has(parent!.type);
  if (type === "BlockStatement" && isBody && node["body"].length > 1) return ["{}"];
  return [];
}

/** Returns true for the only statement of an `if` without an `else`. */
function isWholeBranch({ parent, key, branch }: Place): boolean {
  if (key === "consequent") return parent!.type === "IfStatement" && !parent!["alternate"];
  return key === "body" && branch !== undefined && parent!["body"].length === 1 &&
    !branch["alternate"];
}

/** Returns the replacements of an expression. */
function valuesFor(node: Node, place: Place, source: string): string[] {
  const { parent, key, isTried } = place;
  const textOf = (child: Node) => source.slice(child.start, child.end);
  switch (node.type) {
    case "AwaitExpression": {
      const returns = parent!.type === "ReturnStatement" ||
        parent!.type === "ArrowFunctionExpression" && key === "body";
      return returns && !isTried ? [] : [`(${textOf(node["argument"])})`];
    }
    case "BinaryExpression":
    case "AssignmentExpression": {
      const { start, end, left, right, operator } = node;
      const at = source.indexOf(operator, left.end);
      const [before, after] = [source.slice(start, at), source.slice(at + operator.length, end)];
      return at < right.start
        ? (OPERATORS[operator] ?? []).map((other) => before + other + after)
        : [];
    }
    case "LogicalExpression":
      return [textOf(node["left"]), textOf(node["right"])].map((text) => `(${text})`);
    case "UpdateExpression": {
      const argument = textOf(node["argument"]);
      return OPERATORS[node["operator"]]!.map((other) => {
        return node["prefix"] ? other + argument : argument + other;
      });
    }
    case "UnaryExpression":
      return ["!", "-", "~"].includes(node["operator"]) ? [`(${textOf(node["argument"])})`] : [];
    case "NumericLiteral": {
      const { value } = node;
      return value > 0 ? [String(value + 1), String(value - 1)] : [String(value + 1)];
    }
    case "BigIntLiteral":
      return [`${BigInt(node["value"]) + 1n}n`];
    case "BooleanLiteral":
      return [String(!node["value"])];
    case "StringLiteral":
      return [node["value"] === "" ? '"changed"' : '""'];
    case "TemplateLiteral":
      return parent!.type === "TaggedTemplateExpression" || textOf(node) === "``" ? [] : ["``"];
    case "ArrayExpression":
      return node["elements"].length === 0 ? [] : ["[]"];
    default:
      return [];
  }
}

/** Yields the changes of parts of a node that are not nodes, or that depend on the node. */
function* partsOf(node: Node, { parent }: Place, source: string): Iterable<Change> {
  const { type, test, property, optional, computed, object, callee, properties } = node;
  if (test?.type !== undefined) {
    // Every test would notice an endless loop, but slowly.
    const isLoop = /^(?:For|While|DoWhile)/.test(type);
    for (const text of isLoop ? ["false"] : ["true", "false"]) {
      yield { start: test.start, end: test.end, text };
    }
  }
  if (optional === true && type.startsWith("Optional")) {
    const start = source.indexOf("?.", (object ?? callee).end);
    yield { start, end: start + 2, text: computed || !object ? "" : "." };
  }
  if (property?.type === "Identifier" && parent!.type === "CallExpression" && !computed) {
    const other = METHODS.get(property.name);
    const { start, end } = property;
    if (other !== undefined) yield { start, end, text: other };
  }
  if (type === "ObjectExpression") {
    for (const { start, end } of properties) {
      const [comma] = /^\s*,?/.exec(source.slice(end))!;
      yield { start, end: end + comma.length, text: "" };
    }
  }
}
