/**
 * Finds the line of a loop that never yields. The runtime ends such a loop without saying where it
 * is, and its inspector needs a permission. So the test runs again on a copy of the student's files
 * with a counter in every loop, and reaches the same loop, whose counter is high.
 *
 * @module
 */

import type { Machines } from "./machines.ts";
import { PlainMachines } from "./plain_machines.ts";

type Node = Deno.lint.Node;

/** A loop with this number of rounds without an event never ends. */
const ROUNDS_MIN = 10_000;

/** The names of the globals with the counters and modules of a copy. No student uses them. */
const COUNTS = "kvlab$counts";
const MODULES = "kvlab$modules";

/** The place and the counter of every loop. */
export class LoopCounters {
  readonly #places: string[] = [];
  readonly #counts: number[] = [];
  /** The machines of the copies. */
  readonly machines: Promise<Machines>;

  /** @param files The texts of the student's two files.
   * @param modules The modules of the lab that they may import, by their specifiers. */
  constructor(
    files: Record<"client.ts" | "server.ts", string>,
    modules: Record<string, object>,
  ) {
    this.machines = this.#load(files, modules);
    this.machines.catch(() => {});
  }

  async #load(
    files: Record<"client.ts" | "server.ts", string>,
    modules: Record<string, object>,
  ): Promise<Machines> {
    const packages = {
      "zod": await import("zod"),
      "@std/assert": await import("@std/assert"),
      "@std/async": await import("@std/async"),
    };
    Object.assign(globalThis, { [COUNTS]: this.#counts, [MODULES]: { ...packages, ...modules } });
    const load = (file: keyof typeof files): Promise<object> => {
      const code = this.#counted(file, files[file]);
      return import(`data:application/typescript;charset=utf-8,${encodeURIComponent(code)}`);
    };
    const [client, server] = await Promise.all([load("client.ts"), load("server.ts")]);
    return new PlainMachines({ client: () => client, server: () => server });
  }

  /** Resets all counters. Call this at every event. */
  reset(): void {
    this.#counts.fill(0);
  }

  /** The place of the loop that has not ended since the last event, for example `"server.ts:45"`;
   * `undefined` if no counter is high. */
  get place(): string | undefined {
    // Of nested loops, the outermost has the fewest rounds.
    const counts = this.#counts.filter((count) => count >= ROUNDS_MIN);
    return this.#places[this.#counts.indexOf(Math.min(...counts))];
  }

  /** Returns the text of a file with a counter in each loop, and with constants instead of imports,
   * which a copy cannot resolve. */
  #counted(file: string, source: string): string {
    const text = source.replace(/^\uFEFF/, "");
    const edits: { start: number; end: number; text: string }[] = [];
    const insert = (at: number, code: string) => edits.push({ start: at, end: at, text: code });
    const loop = ({ body, range }: { body: Node | null; range: Node["range"] }) => {
      const line = text.slice(0, range[0]).split("\n").length;
      const number = this.#places.push(`${file}:${line}`) - 1;
      this.#counts.push(0);
      // A loop whose body is a semicolon ends with it: the tree has no node for that.
      const [start, end] = body?.range ?? [range[1] - 1, range[1]];
      insert(start, `{${COUNTS}[${number}]++;`);
      insert(end, "}");
    };
    const visitor: Deno.lint.LintVisitor = {
      WhileStatement: loop,
      DoWhileStatement: loop,
      ForStatement: loop,
      ForInStatement: loop,
      ForOfStatement: loop,
      ImportDeclaration(node) {
        if (node.importKind === "type") return;
        const [start, end] = node.range;
        const from = ` = ${MODULES}[${JSON.stringify(node.source.value)}];`;
        const names = node.specifiers.flatMap((each) => nameOf(each) ?? []);
        edits.push({ start, end, text: names.map((name) => `const ${name}${from}`).join(" ") });
      },
    };
    const rules = { loops: { create: () => visitor } };
    Deno.lint.runPlugin({ name: "lab", rules }, file, text);
    return edits.sort((one, other) => other.start - one.start).reduce((code, edit) => {
      return code.slice(0, edit.start) + edit.text + code.slice(edit.end);
    }, text);
  }
}

/** Returns the pattern of the constant that replaces an import, unless the import is a type. */
function nameOf(specifier: Deno.lint.ImportDeclaration["specifiers"][number]): string | undefined {
  const { type, local: { name } } = specifier;
  if (type === "ImportNamespaceSpecifier") return name;
  if (type === "ImportDefaultSpecifier") return `{ default: ${name} }`;
  if (specifier.importKind === "type") return undefined;
  const { imported } = specifier;
  return `{ ${imported.type === "Identifier" ? imported.name : imported.raw}: ${name} }`;
}
