/**
 * The rule for the state of a submission: methods, and the functions that they use, change fields
 * and never variables that several clerks or servers would share in one process. The rule also
 * refuses a cache of pure results, because it cannot tell a cache from a store.
 *
 * @module
 */

import { isDeclaration, isReference, isSame, type Named, namesDeclared } from "./_names.ts";
import { ADVICE, MUTATORS } from "./submission_rules.ts";

type Node = Deno.lint.Node;

/** Reports variables of the file, and statics of classes, that methods change. */
export function refuseSharedState(context: Deno.lint.RuleContext): Deno.lint.LintVisitor {
  const identifiers: Named[] = [];
  const changed: Node[] = [];
  const calls: Deno.lint.MemberExpression[] = [];
  return {
    Identifier(node) {
      identifiers.push(node);
    },
    AssignmentExpression(node) {
      changed.push(node.left);
    },
    UpdateExpression(node) {
      changed.push(node.argument);
    },
    UnaryExpression(node) {
      if (node.operator === "delete") changed.push(node.argument);
    },
    CallExpression({ callee }) {
      if (callee.type === "MemberExpression") calls.push(callee);
    },
    "Program:exit"() {
      const file = fileOf(identifiers);
      const { true: collections = [], false: others = [] } = Object.groupBy(
        calls,
        (call) => `${changesCollection(call, file)}`,
      );
      const targets = [...changed.flatMap(targetsOf), ...collections.map(({ object }) => object)];
      const changing = changingMethods(targets, others, file);
      const ofMethods = others.filter((call) => changing.has(methodOf(call, file)));
      for (const node of [...targets, ...ofMethods]) {
        const name = sharedName(node, file);
        if (name === undefined) continue;
        context.report({
          node,
          message: `"${name}" may not change: it would be memory that machines share`,
          hint: ADVICE.sharedState,
        });
      }
    },
  };
}

/** The names of a file, and where they occur. */
interface File {
  readonly identifiers: ReadonlyMap<string, readonly Named[]>;
  /** The number of declarations of each name. */
  readonly declared: ReadonlyMap<string, number>;
  /** Variables and classes outside of functions and classes. */
  readonly variables: Set<string>;
  readonly classes: Set<string>;
  /** Variables and statics that hold an object literal. */
  readonly literals: Set<string>;
  /** The members of classes that extend no other, for example `Lock.acquire`. */
  readonly members: Set<string>;
  /** The classes of variables, and of statics such as `Clerk.lock`, that hold a new instance. */
  readonly instances: Map<string, string>;
}

function fileOf(identifiers: readonly Named[]): File {
  const declared = namesDeclared(identifiers);
  const file = {
    identifiers: Map.groupBy(identifiers, ({ name }) => name),
    declared,
    variables: new Set<string>(),
    classes: new Set<string>(),
    literals: new Set<string>(),
    members: new Set<string>(),
    instances: new Map<string, string>(),
  };
  for (const node of identifiers) {
    if (declared.get(node.name) !== 1 || !isDeclaration(node)) continue;
    const { parent } = node;
    if (!isOutside(parent)) continue;
    if (parent.type === "VariableDeclarator") {
      file.variables.add(node.name);
      file.instances.set(node.name, classOf(parent.init));
      if (isObjectLiteral(parent.init)) file.literals.add(node.name);
    }
    if (parent.type === "ClassDeclaration") {
      file.classes.add(node.name);
      for (const each of parent.body.body) {
        if (each.type !== "MethodDefinition" && each.type !== "PropertyDefinition") continue;
        const name = `${node.name}.${nameOf(each.key)}`;
        if (!each.static && !parent.superClass) file.members.add(name);
        if (!each.static || each.type === "MethodDefinition") continue;
        file.instances.set(name, classOf(each.value));
        if (isObjectLiteral(each.value)) file.literals.add(name);
      }
    }
  }
  return file;
}

/** Returns true if this is an object literal, also one that is frozen or has a type. */
function isObjectLiteral(node: Node | null | undefined): boolean {
  if (node?.type === "CallExpression" && node.callee.type === "MemberExpression") {
    return nameOf(node.callee.property) === "freeze" && isObjectLiteral(node.arguments[0]);
  }
  if (node?.type === "TSAsExpression" || node?.type === "TSSatisfiesExpression") {
    return isObjectLiteral(node.expression);
  }
  return node?.type === "ObjectExpression";
}

/** Returns the class of which an expression makes an instance; "" if there is none. */
function classOf(made: Node | null | undefined): string {
  const isNamed = made?.type === "NewExpression" && made.callee.type === "Identifier";
  return isNamed ? (made.callee as Named).name : "";
}

/** Returns true if a call changes a collection by its name. A helper of an object literal or of a
 * class of the file may have such a name, too. */
function changesCollection(call: Deno.lint.MemberExpression, file: File): boolean {
  return MUTATORS.includes(nameOf(call.property)) && !file.literals.has(pathOf(call.object)) &&
    !file.members.has(methodOf(call, file));
}

/** Returns the method of the file's classes that is called, for example `Lock.acquire`; "" if it is
 * not known. */
function methodOf({ object, property }: Deno.lint.MemberExpression, file: File): string {
  const type = object.type === "ThisExpression"
    ? instanceMemberAt(object)?.type
    : file.instances.get(pathOf(object));
  return type ? `${type}.${nameOf(property)}` : "";
}

/** Returns a variable, or a static such as `Clerk.lock`, as it is written; "" for all else. */
function pathOf(node: Node): string {
  if (node.type === "TSNonNullExpression") return pathOf(node.expression);
  if (node.type === "Identifier") return node.name;
  if (node.type !== "MemberExpression" || node.object.type !== "Identifier") return "";
  return `${node.object.name}.${nameOf(node.property)}`;
}

/** Returns the methods that change their object, also with other methods of it. */
function changingMethods(
  targets: readonly Node[],
  calls: readonly Deno.lint.MemberExpression[],
  file: File,
): Set<string> {
  const methods = new Set<string>();
  const add = (node: Node) => {
    const at = instanceMemberAt(node);
    if (at !== undefined) methods.add(`${at.type}.${at.member}`);
  };
  for (const node of targets) {
    if (chainOf(node).root.type === "ThisExpression") add(node);
  }
  const ofThis = calls.filter(({ object }) => object.type === "ThisExpression");
  for (let size = -1; size !== methods.size;) {
    size = methods.size;
    for (const call of ofThis) if (methods.has(methodOf(call, file))) add(call);
  }
  return methods;
}

/** Returns the class and the member of whose instance `this` is at a node. */
function instanceMemberAt(node: Node): { type: string; member: string } | undefined {
  const member = memberAt(node);
  const type = member === undefined ? undefined : parentOf(parentOf(member)!);
  if (member?.static !== false || type?.type !== "ClassDeclaration") return undefined;
  return { type: type.id?.name ?? "", member: nameOf(member.key) };
}

/** Returns true if a declaration runs once, while the file is loaded. */
function isOutside(declaration: Node): boolean {
  for (const each of around(declaration)) {
    if (each.type === "FunctionDeclaration" || each.type === "ClassBody") return false;
    if (/^(?:Arrow)?FunctionExpression$/.test(each.type) && !isCalled(each)) return false;
  }
  return true;
}

/** Returns what an assignment changes: all parts of a pattern. */
function targetsOf(node: Node | null): Node[] {
  if (node === null) return [];
  switch (node.type) {
    case "ArrayPattern":
      return node.elements.flatMap(targetsOf);
    case "ObjectPattern":
      return node.properties.flatMap((each) => {
        return targetsOf(each.type === "Property" ? each.value : each.argument);
      });
    case "AssignmentPattern":
      return targetsOf(node.left);
    case "RestElement":
      return targetsOf(node.argument);
    default:
      return [node];
  }
}

/** Returns what is changed, if more than one clerk or server would share it. */
function sharedName(node: Node, file: File): string | undefined {
  if (!runsLater(node, file)) return undefined;
  const { root, member } = chainOf(node);
  if (root.type === "Identifier" && file.variables.has(root.name)) return root.name;
  if (node.type !== "MemberExpression") return undefined;
  // A static that a method changes, or whose collection it changes.
  const isStatic = root.type === "Identifier" && file.classes.has(root.name) ||
    root.type === "ThisExpression" && memberAt(node)?.static === true;
  return isStatic ? `${root.type === "Identifier" ? root.name : "this"}.${member}` : undefined;
}

/** Returns the object that a chain of members begins with, and the first of the members as it is
 * written, for example `nextId`. */
function chainOf(node: Node): { root: Node; member: string } {
  let [root, member] = [node, ""];
  for (;;) {
    if (root.type === "TSNonNullExpression") root = root.expression;
    else if (root.type === "MemberExpression") {
      member = nameOf(root.property);
      root = root.object;
    } else return { root, member };
  }
}

/** Returns the name of a member as it is written. */
function nameOf(key: Node): string {
  if (key.type === "PrivateIdentifier") return `#${key.name.replace(/^#/, "")}`;
  return key.type === "Identifier" ? key.name : "[…]";
}

/** Returns true if code can run after the file is loaded. Functions outside of classes count only
 * if a class uses them or the file exports them: others help to load the file.
 *
 * @param keeps True if the node is a function that is not called in place: it runs whenever the
 * variable that holds it is used. */
function runsLater(node: Node, file: File, keeps = false, seen = new Set<string>()): boolean {
  let isKept = keeps;
  for (const each of around(node)) {
    switch (each.type) {
      case "MethodDefinition":
        return true;
      case "PropertyDefinition":
        return isKept || !each.static;
      case "StaticBlock":
        return isKept;
      case "FunctionDeclaration":
        return isExported(each) || each.id !== null && isUsedLater(each.id.name, file, seen);
      case "ArrowFunctionExpression":
      case "FunctionExpression":
        isKept ||= !isCalled(each) && !isArgument(each);
        break;
      case "VariableDeclarator":
        if (!isKept) break;
        if (isExported(each.parent)) return true;
        return each.id.type !== "Identifier" || isUsedLater(each.id.name, file, seen);
      case "AssignmentExpression":
      case "ExportDefaultDeclaration":
        if (isKept) return true;
    }
  }
  return false;
}

/** Returns true if a variable or function is exported, or used by code that runs later. */
function isUsedLater(name: string, file: File, seen: Set<string>): boolean {
  if (seen.has(name) || file.declared.get(name) !== 1) return false;
  seen.add(name);
  return file.identifiers.get(name)!.some((each) => {
    return each.parent.type === "ExportSpecifier" ||
      isReference(each) && runsLater(each, file, !isCalled(each), seen);
  });
}

function isExported(declaration: Node): boolean {
  return /^Export(?:Named|Default)Declaration$/.test(parentOf(declaration)?.type ?? "");
}

/** Returns true if this expression, or a member of it, is called in place. */
function isCalled(node: Node): boolean {
  let callee = node;
  for (let parent = parentOf(node);; parent = parentOf(parent)) {
    if (parent?.type === "CallExpression" || parent?.type === "NewExpression") {
      return isSame(parent.callee, callee);
    }
    const isObject = parent?.type === "MemberExpression" && isSame(parent.object, callee);
    if (parent === undefined || !isObject && parent.type !== "TSNonNullExpression") return false;
    callee = parent;
  }
}

/** Returns true for a function that is an argument of a call, for example of `forEach()`: the rule
 * assumes that the call runs it. */
function isArgument(node: Node): boolean {
  const { type } = parentOf(node)!;
  return type === "CallExpression" || type === "NewExpression";
}

/** Returns the member of a class that `this` at a node belongs to. */
function memberAt(
  node: Node,
): Deno.lint.MethodDefinition | Deno.lint.PropertyDefinition | undefined {
  for (const each of around(node)) {
    if (each.type === "MethodDefinition" || each.type === "PropertyDefinition") return each;
    if (each.type === "FunctionDeclaration" || each.type === "ClassBody") return undefined;
    if (each.type === "FunctionExpression" && !/Definition$/.test(parentOf(each)!.type)) {
      return undefined;
    }
  }
  return undefined;
}

/** Returns the nodes around a node, the nearest one first. */
function* around(node: Node): Iterable<Node> {
  for (let each = parentOf(node); each !== undefined; each = parentOf(each)) yield each;
}

function parentOf(node: Node): Node | undefined {
  return node.type === "Program" ? undefined : (node as { parent?: Node }).parent;
}
