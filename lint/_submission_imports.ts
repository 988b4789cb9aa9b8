/**
 * The rule for imports of a submission.
 *
 * @module
 */

import { ADVICE, IMPORT_ADVICE, IMPORTS } from "./submission_rules.ts";

type Node = Deno.lint.Node;

/** Reports modules and values of modules that a submission may not import. */
export function refuseImports(context: Deno.lint.RuleContext): Deno.lint.LintVisitor {
  const checkModule = (node: Node, source: string): boolean => {
    if (Object.hasOwn(IMPORTS, source)) return true;
    const advice = IMPORT_ADVICE.find(([pattern]) => pattern.test(source))?.[1] ??
      `expected one of ${Object.keys(IMPORTS).join(", ")}`;
    report(node, `The import of "${source}" is not allowed`, advice);
    return false;
  };
  const report = (node: Node, message: string, hint: string) => {
    context.report({ node, message, hint });
  };
  const checkNames = (node: Node, source: string, names: readonly string[]): void => {
    const values = IMPORTS[source]!;
    if (values === "all") return;
    for (const name of names) {
      if (values.includes(name)) continue;
      const what = name === "*" ? "everything" : `"${name}"`;
      const advice = `take ${values.join(", ")}, or write "import type"`;
      report(node, `The import of ${what} from "${source}" is not allowed`, advice);
    }
  };
  return {
    ImportDeclaration(node) {
      const source = node.source.value;
      if (!checkModule(node, source) || node.importKind === "type") return;
      checkNames(node, source, node.specifiers.flatMap(importedNames));
    },
    ExportAllDeclaration(node) {
      const source = node.source.value;
      if (checkModule(node, source) && node.exportKind !== "type") checkNames(node, source, ["*"]);
    },
    ExportNamedDeclaration(node) {
      if (!node.source || !checkModule(node, node.source.value)) return;
      if (node.exportKind === "type") return;
      const values = node.specifiers.filter(({ exportKind }) => exportKind !== "type");
      checkNames(node, node.source.value, values.map(({ local }) => nameOf(local)));
    },
    ImportExpression(node) {
      const { source } = node;
      if (source.type === "Literal" && typeof source.value === "string") {
        if (checkModule(node, source.value)) checkNames(node, source.value, ["*"]);
      } else {
        const message = "An import whose name is computed is not allowed";
        report(node, message, ADVICE.computedImport);
      }
    },
    TSExternalModuleReference(node) {
      checkModule(node, String((node.expression as { value?: unknown }).value));
    },
    TSImportType(node) {
      const { argument } = node as unknown as { argument: { value?: unknown; literal?: Node } };
      const literal = (argument.literal ?? argument) as { value?: unknown };
      if (typeof literal.value === "string") checkModule(node, literal.value);
    },
    MetaProperty(node) {
      if (node.meta.name !== "import") return;
      report(node, "import.meta is not allowed", ADVICE.importMeta);
    },
  };
}

function importedNames(specifier: Deno.lint.ImportDeclaration["specifiers"][number]): string[] {
  switch (specifier.type) {
    case "ImportSpecifier":
      return specifier.importKind === "type" ? [] : [nameOf(specifier.imported)];
    case "ImportDefaultSpecifier":
      return ["default"];
    default:
      return ["*"];
  }
}

function nameOf(node: Node): string {
  return node.type === "Identifier" ? node.name : String((node as { value?: unknown }).value);
}
