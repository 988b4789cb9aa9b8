/**
 * The rule for the globals of a submission.
 *
 * @module
 */

import { isReference, keyOf, type Named, namesDeclared } from "./_names.ts";
import { ADVICE, GLOBAL_ADVICE, GLOBALS, MEMBERS, OTHER_ADVICE } from "./submission_rules.ts";

const OFFERED: ReadonlySet<string> = new Set(GLOBALS);

/** The globals of the runtime. The compiler reports names that exist nowhere. */
const OF_RUNTIME: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(globalThis));

/** Reports globals that a submission may not use. */
export function refuseGlobals(context: Deno.lint.RuleContext): Deno.lint.LintVisitor {
  const identifiers: Named[] = [];
  return {
    Identifier(node) {
      identifiers.push(node);
    },
    "Program:exit"() {
      const declared = namesDeclared(identifiers);
      // A shorthand property is two nodes at one place.
      const seen = new Set<number>();
      for (const node of identifiers) {
        if (declared.has(node.name) || !isReference(node)) continue;
        if (seen.has(node.range[0])) continue;
        seen.add(node.range[0]);
        const refusal = refusalOf(node);
        if (refusal !== undefined) context.report({ node, ...refusal });
      }
    },
  };
}

interface Refusal {
  message: string;
  hint: string;
}

function refusalOf(node: Named): Refusal | undefined {
  const { name } = node;
  if (name === "globalThis") return refusalOfGlobalThis(node);
  if (!OFFERED.has(name)) return refusalOfName(name);
  if (name === "Function" && isCalled(node)) {
    return { message: '"Function" may not be called', hint: ADVICE.newFunction };
  }
  return Object.hasOwn(MEMBERS, name) ? refusalOfMember(name, node) : undefined;
}

function refusalOfName(name: string): Refusal | undefined {
  const isAdvised = Object.hasOwn(GLOBAL_ADVICE, name);
  if (!isAdvised && !OF_RUNTIME.has(name)) return undefined;
  const advice = isAdvised ? GLOBAL_ADVICE[name]! : OTHER_ADVICE;
  return { message: `"${name}" is not allowed`, hint: advice };
}

function refusalOfGlobalThis(node: Named): Refusal | undefined {
  const key = keyOf(node);
  if (key === undefined || key === "globalThis") {
    return { message: '"globalThis" is not allowed', hint: ADVICE.globalThis };
  }
  if (OFFERED.has(key)) return undefined;
  return refusalOfName(key) ??
    { message: `"globalThis.${key}" is not allowed`, hint: ADVICE.globalThis };
}

function refusalOfMember(name: string, node: Named): Refusal | undefined {
  const allowed = MEMBERS[name]!;
  const key = [keyOf(node), ...destructuredKeys(node)].find((key) => {
    return key !== undefined && !allowed.includes(key);
  });
  if (key === undefined) return undefined;
  const member = `${name}.${key}`;
  const hint = GLOBAL_ADVICE[member] ??
    `use ${allowed.map((each) => `${name}.${each}()`).join(" or ")}`;
  return { message: `"${member}" is not allowed`, hint };
}

/** Returns the keys of `const { key } = name`. */
function destructuredKeys({ parent }: Named): string[] {
  if (parent.type !== "VariableDeclarator" || parent.id.type !== "ObjectPattern") return [];
  return parent.id.properties.flatMap((each) => {
    return each.type === "Property" && each.key.type === "Identifier" ? [each.key.name] : [];
  });
}

function isCalled({ parent, range: [start] }: Named): boolean {
  if (parent.type !== "CallExpression" && parent.type !== "NewExpression") return false;
  return parent.callee.range[0] === start;
}
