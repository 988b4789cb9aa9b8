/**
 * The lab's own lint rules, as a plugin of `deno lint`.
 *
 * - `lab/import-arrows`: which room may import which. The simulation knows
 *   nothing of the network, the checker nothing of key/value stores, and what a
 *   student receives nothing of the graders.
 * - `lab/no-ambient-chance`: outside `sim/`, nothing reads the wall clock or draws
 *   random numbers, or else runs would not replay.
 *
 * @module
 */

/** What a file may import, by its place: a folder, or a file at the top. Its own
 * folder is always allowed. */
const ARROWS: Record<string, readonly string[]> = {
  "sim": [],
  "linearizability": [],
  "visualizer": ["linearizability"],
  "cli": ["sim"],
  "lincheck": ["linearizability", "visualizer", "cli"],
  "labrpc.ts": ["sim"],
  "labrpc_fixture.ts": ["labrpc.ts"],
  "server.ts": ["labrpc.ts", "config.ts"],
  "client.ts": ["labrpc.ts", "config.ts", "server.ts"],
  "testing": ["sim", "labrpc.ts", "linearizability", "cli", "lint"],
  "config.ts": ["cli", "sim", "linearizability", "labrpc.ts", "server.ts", "client.ts", "testing"],
  "test_test.ts": ["config.ts", "testing"],
  "explore": [
    "sim",
    "linearizability",
    "cli",
    "labrpc.ts",
    "config.ts",
    "testing",
    "test_test.ts",
    "visualizer",
    "grader",
    "corpus",
  ],
  "grader": [
    ...["cli", "sim", "labrpc.ts", "testing", "linearizability", "visualizer"],
    ...["config.ts", "test_test.ts", "explore"],
  ],
  "debugger": [
    ...["cli", "sim", "linearizability", "visualizer", "labrpc.ts", "config.ts", "testing"],
    ...["explore", "grader", "corpus"],
  ],
  "mutate": [
    ...["cli", "sim", "labrpc.ts", "config.ts", "test_test.ts", "testing", "explore", "grader"],
  ],
  "corpus": ["grader", "testing", "config.ts", "labrpc.ts", "test_test.ts"],
  "handout": ["cli", "grader"],
  "bench": [
    "cli",
    "sim",
    "linearizability",
    "visualizer",
    "labrpc.ts",
    "config.ts",
    "testing",
    "test_test.ts",
  ],
  "readme.ts": [],
  "lint": [],
};

/** Test files at the top belong to the file that they test. */
const OWN_TESTS = /^(?!test_test\.ts$)(.*?)(?:_faults|_hostile|_mistakes)?_test\.ts$/;

/** What tests at the top may import besides, to set a scene. */
const SCENE = ["labrpc_fixture.ts", "labrpc.ts", "sim", "testing", "grader"];

/** What shapes a run must come from the simulation. */
const AMBIENT: Record<string, readonly string[]> = {
  Date: ["now"],
  Math: ["random"],
  crypto: ["getRandomValues", "randomUUID"],
  performance: ["now"],
};

/** Where a run takes place; clerks and servers may read the clock, because the
 * simulation stands behind it there. */
const DETERMINISTIC = ["linearizability", "labrpc.ts", "testing", "config.ts", "test_test.ts"];

/** The path of a file below the folder of the lab, in parts. */
function pathInLab(fileName: string): string[] {
  const lab = decodeURIComponent(new URL("../", import.meta.url).pathname);
  const path = fileName.replaceAll("\\", "/");
  const start = path.indexOf(lab.replace(/^\/(?=\w:)/, ""));
  return start < 0 ? [] : path.slice(start + lab.length).split("/");
}

function placeOf(path: string[]): string {
  return path[0]?.replace(OWN_TESTS, "$1.ts") ?? "";
}

function checkImport(context: Deno.lint.RuleContext, node: Deno.lint.Node, source: string): void {
  if (!source.startsWith(".")) return;
  const from = pathInLab(context.filename);
  const place = placeOf(from);
  const allowed = ARROWS[place];
  if (allowed === undefined) {
    context.report({
      node,
      message: `${from.join("/") || context.filename} is in no room`,
      hint: "Put it into one, or add the room to the arrows in lint/lab.ts",
    });
    return;
  }
  const target = new URL(source, `file:///${from.join("/")}`).pathname.slice(1).split("/");
  const targetPlace = target[0]!;
  if (from.length === 1 && OWN_TESTS.test(from[0]!) && SCENE.includes(targetPlace)) return;
  if (targetPlace !== place && !allowed.includes(targetPlace)) {
    context.report({
      node,
      message: `${place} may not import ${targetPlace}`,
      hint: `${place} may import ${allowed.join(", ") || "no other room"}; ` +
        "move the code, or pass what is needed as an argument",
    });
  } else if (target.length > 1 && targetPlace !== place && target.at(-1)!.startsWith("_")) {
    context.report({
      node,
      message: `${target.join("/")} is internal to ${targetPlace}`,
      hint: "Only its own folder imports a file whose name starts with an underscore",
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
        ImportDeclaration: (node) => checkImport(context, node, node.source.value),
        ExportAllDeclaration: (node) => checkImport(context, node, node.source.value),
        ExportNamedDeclaration(node) {
          if (node.source) checkImport(context, node, node.source.value);
        },
      }),
    },
    "no-ambient-chance": {
      create(context) {
        const path = pathInLab(context.filename);
        if (!DETERMINISTIC.includes(path[0] ?? "") || OWN_TESTS.test(path.at(-1)!)) return {};
        return {
          MemberExpression(node) {
            if (node.object.type !== "Identifier" || node.property.type !== "Identifier") return;
            const { object: { name: object }, property: { name: property } } = node;
            if (!AMBIENT[object]?.includes(property)) return;
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
