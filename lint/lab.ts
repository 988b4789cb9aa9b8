/**
 * The lab's own lint rules, as a plugin of `deno lint`.
 *
 * - `lab/import-arrows` refuses an import of a folder that may not be imported: the simulation knows
 *   nothing of the network, the checker nothing of the lab, and no file that students get knows of
 *   the grader.
 * - `lab/no-ambient-chance` refuses the wall clock and random numbers in the code of a run outside
 *   `sim/`, so that runs replay.
 *
 * @module
 */

/** The parts that run a test, which tools import. */
const LAB = ["cli", "config.ts", "labrpc", "labrpc.ts", "linearizability", "sim", "testing"];

/** The folders and top files that each may import besides itself. Tests and fixtures are exempt:
 * nothing imports them, so they cannot close a cycle. */
const ARROWS: Record<string, readonly string[]> = {
  "sim": [],
  "linearizability": [],
  "lint": [],
  "visualizer": ["linearizability"],
  "cli": ["sim"],
  "lincheck": ["cli", "linearizability", "visualizer"],
  "labrpc": ["sim"],
  "labrpc.ts": ["labrpc"],
  "server.ts": ["config.ts", "labrpc.ts"],
  "client.ts": ["config.ts", "labrpc.ts", "server.ts"],
  "testing": ["cli", "labrpc", "labrpc.ts", "linearizability", "lint", "sim"],
  "config.ts": ["client.ts", "labrpc.ts", "linearizability", "server.ts", "sim", "testing"],
  "test_test.ts": ["config.ts", "sim", "testing"],
  "corpus": ["testing"],
  "explore": [...LAB, "corpus", "test_test.ts", "visualizer"],
  "grader": [...LAB, "explore", "test_test.ts", "visualizer"],
  "mutate": [...LAB, "explore", "test_test.ts"],
  "bench": [...LAB, "client.ts", "debugger", "explore", "server.ts", "test_test.ts", "visualizer"],
  "handout": ["cli", "grader", "lint"],
  "debugger": [...LAB, "client.ts", "explore", "server.ts", "visualizer"],
};

/** Tests and fixtures. */
const OF_TESTS = /(?:^|[/_])fixture\.ts$|^(?!test_test\.ts$).*_test\.ts$/;

/** Sources of time and chance that a run must take from its simulation instead. */
const AMBIENT: ReadonlyMap<string, readonly string[]> = new Map([
  ["Date", ["now"]],
  ["Math", ["random"]],
  ["crypto", ["getRandomValues", "randomUUID"]],
  ["performance", ["now"]],
]);

/** The places whose code is part of a run. Clerks and servers may read the clock, which is simulated
 * there. */
const DETERMINISTIC = [
  ...["config.ts", "labrpc", "labrpc.ts", "linearizability", "test_test.ts", "testing"],
];

/** Returns the path of a file in the lab, in parts. */
function pathInLab(fileName: string): string[] {
  const lab = decodeURIComponent(new URL("../", import.meta.url).pathname);
  const path = fileName.replaceAll("\\", "/");
  const start = path.indexOf(lab.replace(/^\/(?=\w:)/, ""));
  return start < 0 ? [] : path.slice(start + lab.length).split("/");
}

function checkImport(context: Deno.lint.RuleContext, node: Deno.lint.Node, source: string): void {
  if (!source.startsWith(".")) return;
  const from = pathInLab(context.filename);
  const path = from.join("/");
  const place = from[0] ?? "";
  const target = new URL(source, `file:///${path}`).pathname.slice(1).split("/");
  const targetPlace = target[0]!;
  if (targetPlace === place) return;
  if (target.at(-1)!.startsWith("_")) {
    context.report({
      node,
      message: `${target.join("/")} is internal to ${targetPlace}`,
      hint: "Only its own folder imports a file whose name starts with an underscore",
    });
  }
  if (OF_TESTS.test(path)) return;
  const allowed = ARROWS[place];
  if (allowed === undefined) {
    context.report({
      node,
      message: `${path || context.filename} is in no folder of the lab`,
      hint: "Move it, or add its folder to the arrows in lint/lab.ts",
    });
  } else if (!allowed.includes(targetPlace)) {
    context.report({
      node,
      message: `${place} may not import ${targetPlace}`,
      hint: `${place} may import ${allowed.join(", ") || "no other folder"}; ` +
        "move the code, or pass what is needed as an argument",
    });
  }
}

/** The plugin. */
const plugin: Deno.lint.Plugin = {
  name: "lab",
  rules: {
    "import-arrows": {
      create: (context) => ({
        ImportExpression(node) {
          if (node.source.type === "Literal") {
            checkImport(context, node, String(node.source.value));
          }
        },
        ImportDeclaration(node) {
          // With an attribute it is text or JSON, which brings no code along.
          if (node.attributes.length === 0) checkImport(context, node, node.source.value);
        },
        ExportAllDeclaration: (node) => checkImport(context, node, node.source.value),
        ExportNamedDeclaration(node) {
          if (node.source) checkImport(context, node, node.source.value);
        },
      }),
    },
    "no-ambient-chance": {
      create(context) {
        const path = pathInLab(context.filename);
        if (!DETERMINISTIC.includes(path[0] ?? "") || OF_TESTS.test(path.join("/"))) return {};
        return {
          MemberExpression(node) {
            if (node.object.type !== "Identifier" || node.property.type !== "Identifier") return;
            const { object: { name: object }, property: { name: property } } = node;
            if (!AMBIENT.get(object)?.includes(property)) return;
            context.report({
              node,
              message: `${object}.${property} makes runs differ`,
              hint: "Take time and chance from the simulation: its clock, or a child of its Random",
            });
          },
        };
      },
    },
  },
};

export default plugin;
