/**
 * The rule for the state of a submission: methods change fields, never variables that clerks or
 * servers would share in one process. A cache of pure results is refused too, since the rule cannot
 * tell it from other state.
 *
 * @module
 */

import { isDeclaration, type Named, namesDeclared } from "./_names.ts";
import { ADVICE, MUTATORS } from "./submission_rules.ts";

type Node = Deno.lint.Node;

/** Reports variables of the file and statics of classes that methods change. */
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

/** Returns the name of a changed variable or static if clerks or servers would share it. */
function sharedName(node: Node, file: FileNames): string | undefined {
  if (!isInMethod(node)) return undefined;
  const { root, member } = chainOf(node);
  if (root.type === "Identifier" && file.variables.has(root.name)) return root.name;
  if (node.type !== "MemberExpression") return undefined;
  const isStatic = root.type === "Identifier" && file.classes.has(root.name) ||
    root.type === "ThisExpression" && isInStaticMember(node);
  return isStatic ? `${root.type === "Identifier" ? root.name : "this"}.${member}` : undefined;
}

/** Returns the object at the root of a chain of members, and the first member as it is written. */
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

/** Returns true if code runs in a method, a field or a function of the file, and not while the file
 * is loaded. */
function isInMethod(node: Node): boolean {
  for (const each of ancestorsOf(node)) {
    if (each.type === "StaticBlock") return false;
    if (each.type === "MethodDefinition") return true;
    if (each.type === "PropertyDefinition") return !each.static;
    if (each.type === "FunctionDeclaration" && isTopLevel(each)) return true;
  }
  return false;
}

function isInStaticMember(node: Node): boolean {
  for (const each of ancestorsOf(node)) {
    if (each.type === "FunctionDeclaration") return false;
    if (each.type === "FunctionExpression" && parentOf(each)?.type !== "MethodDefinition") {
      return false;
    }
    if (each.type === "MethodDefinition" || each.type === "PropertyDefinition") return each.static;
  }
  return false;
}

/** Returns the ancestors of a node, the nearest first. */
function* ancestorsOf(node: Node): Iterable<Node> {
  for (let each = parentOf(node); each !== undefined; each = parentOf(each)) yield each;
}

function parentOf(node: Node): Node | undefined {
  return node.type === "Program" ? undefined : (node as { parent?: Node }).parent;
}
