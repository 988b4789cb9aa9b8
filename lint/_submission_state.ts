/**
 * The rule for the state of a submission: methods change fields, never variables that more
 * than one clerk or server would share in one process. A cache of pure results is refused as
 * well: whether a variable only speeds things up cannot be seen from its use.
 *
 * @module
 */

import { isDeclaration, type Named, namesDeclared } from "./_names.ts";
import { ADVICE, MUTATORS } from "./submission_rules.ts";

type Node = Deno.lint.Node;

/** Reports variables of the file, and statics of classes, that methods change. */
export function refuseSharedState(context: Deno.lint.RuleContext): Deno.lint.LintVisitor {
  const identifiers: Named[] = [];
  const changed: Node[] = [];
  const collections: Node[] = [];
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
      if (callee.type !== "MemberExpression" || callee.property.type !== "Identifier") return;
      if (MUTATORS.includes(callee.property.name)) collections.push(callee.object);
    },
    "Program:exit"() {
      const declared = namesDeclared(identifiers);
      const file = topLevelNames(identifiers.filter(({ name }) => declared.get(name) === 1));
      // A class or an object of functions may have a function of such a name.
      const isCollection = (node: Node) => {
        return node.type !== "Identifier" || !file.objects.has(node.name);
      };
      for (const node of [...changed, ...collections.filter(isCollection)]) {
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

interface FileNames {
  variables: Set<string>;
  /** The variables that hold an object literal. */
  objects: Set<string>;
  classes: Set<string>;
}

function topLevelNames(identifiers: readonly Named[]): FileNames {
  const names: FileNames = { variables: new Set(), objects: new Set(), classes: new Set() };
  for (const node of identifiers) {
    if (!isDeclaration(node)) continue;
    const { parent } = node;
    if (parent.type === "VariableDeclarator" && isTopLevel(parent.parent)) {
      names.variables.add(node.name);
      if (isObject(parent.init)) names.objects.add(node.name);
    } else if (parent.type === "ClassDeclaration" && isTopLevel(parent)) {
      names.classes.add(node.name);
    }
  }
  return names;
}

/** Returns true if this is an object literal, also one with a type. */
function isObject(node: Node | null): boolean {
  if (node?.type === "TSAsExpression" || node?.type === "TSSatisfiesExpression") {
    return isObject(node.expression);
  }
  return node?.type === "ObjectExpression";
}

function isTopLevel(node: Node): boolean {
  const parent = parentOf(node);
  if (parent?.type === "ExportNamedDeclaration") return isTopLevel(parent);
  return parent?.type === "Program";
}

/** Returns what is changed, if more than one clerk or server would share it. */
function sharedName(node: Node, file: FileNames): string | undefined {
  if (!isInMethod(node)) return undefined;
  const { root, member } = chainOf(node);
  if (root.type === "Identifier" && file.variables.has(root.name)) return root.name;
  if (node.type !== "MemberExpression") return undefined;
  // A static that a method changes, or whose collection it changes.
  const isStatic = root.type === "Identifier" && file.classes.has(root.name) ||
    root.type === "ThisExpression" && (member === "constructor" || isThisShared(node));
  return isStatic ? `${root.type === "Identifier" ? root.name : "this"}.${member}` : undefined;
}

/** Returns the object that a chain of members begins with, and the first of the members as it is
 * written, for example `nextId`. */
function chainOf(node: Node): { root: Node; member: string } {
  let [root, member] = [node, ""];
  for (;;) {
    if (root.type === "TSNonNullExpression" || root.type === "TSAsExpression") {
      root = root.expression;
    } else if (root.type === "MemberExpression") {
      const { property, object } = root;
      if (property.type === "PrivateIdentifier") member = `#${property.name.replace(/^#/, "")}`;
      else member = property.type === "Identifier" ? property.name : "[…]";
      root = object;
    } else return { root, member };
  }
}

/** Returns true if this code runs when a method, a field of a class or a function with a name
 * does, and not while the file is loaded. */
function isInMethod(node: Node): boolean {
  for (const each of around(node)) {
    if (each.type === "StaticBlock") return false;
    if (each.type === "MethodDefinition") return true;
    if (each.type === "PropertyDefinition") return !each.static;
    if (each.type === "FunctionDeclaration" && isTopLevel(each)) return true;
    if (each.type === "ArrowFunctionExpression" || each.type === "FunctionExpression") {
      const parent = parentOf(each);
      if (parent?.type === "PropertyDefinition" || isKeptByFile(each)) return true;
    }
  }
  return false;
}

/** Returns true if `this` is a class, or an object that a variable of the file holds. */
function isThisShared(node: Node): boolean {
  for (const each of around(node)) {
    if (each.type === "FunctionDeclaration") return false;
    if (each.type === "FunctionExpression") {
      const parent = parentOf(each);
      if (parent?.type === "Property") return isKeptByFile(parent);
      if (parent?.type !== "MethodDefinition") return false;
    }
    if (each.type === "MethodDefinition" || each.type === "PropertyDefinition") return each.static;
  }
  return false;
}

/** Returns true if a node is the value of a variable of the file, or a part of an object literal
 * that is. */
function isKeptByFile(node: Node): boolean {
  const parent = parentOf(node)!;
  if (parent.type === "VariableDeclarator") return isTopLevel(parent.parent);
  return (isObject(parent) || parent.type === "Property") && isKeptByFile(parent);
}

/** Returns the nodes around a node, the nearest one first. */
function* around(node: Node): Iterable<Node> {
  for (let each = parentOf(node); each !== undefined; each = parentOf(each)) yield each;
}

function parentOf(node: Node): Node | undefined {
  return node.type === "Program" ? undefined : (node as { parent?: Node }).parent;
}
