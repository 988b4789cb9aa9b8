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
      // A method of a class may have such a name, too: a collection is a variable.
      if (MUTATORS.includes(callee.property.name)) changed.push(callee);
    },
    "Program:exit"() {
      const declared = namesDeclared(identifiers);
      const file = topLevelNames(identifiers.filter(({ name }) => declared.get(name) === 1));
      for (const node of changed) {
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
  classes: Set<string>;
}

function topLevelNames(identifiers: readonly Named[]): FileNames {
  const names: FileNames = { variables: new Set(), classes: new Set() };
  for (const node of identifiers) {
    if (!isDeclaration(node)) continue;
    const { parent } = node;
    if (parent.type === "VariableDeclarator" && isTopLevel(parent.parent)) {
      names.variables.add(node.name);
    } else if (parent.type === "ClassDeclaration" && isTopLevel(parent)) {
      names.classes.add(node.name);
    }
  }
  return names;
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
    root.type === "ThisExpression" && isInStaticMember(node);
  return isStatic ? `${root.type === "Identifier" ? root.name : "this"}.${member}` : undefined;
}

/** Returns the object that a chain of members begins with, and the first of the members as it is
 * written, for example `nextId`. */
function chainOf(node: Node): { root: Node; member: string } {
  let [root, member] = [node, ""];
  for (;;) {
    if (root.type === "TSNonNullExpression") root = root.expression;
    else if (root.type === "MemberExpression") {
      const { property, object } = root;
      if (property.type === "PrivateIdentifier") member = `#${property.name.replace(/^#/, "")}`;
      else member = property.type === "Identifier" ? property.name : "[…]";
      root = object;
    } else return { root, member };
  }
}

/** Returns true if this code runs when a method or a field of a class does, and not while
 * the file is loaded. */
function isInMethod(node: Node): boolean {
  for (const each of around(node)) {
    if (each.type === "StaticBlock") return false;
    if (each.type === "MethodDefinition") return true;
    if (each.type === "PropertyDefinition") return !each.static;
    if (each.type === "FunctionDeclaration" && isTopLevel(each)) return true;
  }
  return false;
}

function isInStaticMember(node: Node): boolean {
  for (const each of around(node)) {
    if (each.type === "FunctionDeclaration") return false;
    if (each.type === "FunctionExpression" && parentOf(each)?.type !== "MethodDefinition") {
      return false;
    }
    if (each.type === "MethodDefinition" || each.type === "PropertyDefinition") return each.static;
  }
  return false;
}

/** Returns the nodes around a node, the nearest one first. */
function* around(node: Node): Iterable<Node> {
  for (let each = parentOf(node); each !== undefined; each = parentOf(each)) yield each;
}

function parentOf(node: Node): Node | undefined {
  return node.type === "Program" ? undefined : (node as { parent?: Node }).parent;
}
