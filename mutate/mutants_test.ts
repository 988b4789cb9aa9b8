import { assert, assertEquals, assertThrows } from "@std/assert";
import { CommandError } from "../cli/mod.ts";
import { mutantsOf } from "./mutants.ts";

/** The changes of a program, as "before → after". */
function changesOf(source: string): string[] {
  return mutantsOf("server.ts", source).map(({ before, after }) => `${before} → ${after}`);
}

Deno.test("mutantsOf() changes operators, conditions, numbers, texts and truth values", () => {
  assertEquals(changesOf("const sum = (a + b) * c;"), [
    "(a + b) * c → (a + b) / c",
    "a + b → a - b",
  ]);
  assertEquals(changesOf('f(1, 0, "", "text", true, `${a} b`);').slice(1), [
    ...["1 → 2", "1 → 0", "0 → 1", '"" → "changed"', '"text" → ""', "true → false"],
    "`${a} b` → ``",
  ]);
  // A condition is decided both ways, and each side of it is taken alone.
  assertEquals(changesOf("if (a && !b) f();"), [
    ...["a && !b → true", "a && !b → false", "a && !b → (a)", "a && !b → (!b)", "!b → (b)"],
  ]);
});

Deno.test("mutantsOf() removes an await unless that changes nothing", () => {
  assertEquals(
    changesOf("export const f = async () => { const a = await g(); return await a; };"),
    [
      "{ const a = await g(); return await a; } → {}",
      "await g() → (g())",
      "return await a; → ",
    ],
  );
  const tried = changesOf("async () => { try { return await f(); } catch { g(); } }");
  assert(tried.includes("await f() → (f())"));
});

Deno.test("mutantsOf() leaves types, imports and messages as they are", () => {
  const source = `
    import { z } from "zod";
    type Kind = "a" | 1;
    interface Entry { kind: "b"; }
    console.log("c", 1);
    export const error: Kind | 7 = new TypeError("d" + 2) as unknown as 3;
  `;
  assertEquals(changesOf(source), []);
});

Deno.test("mutantsOf() gives the place of a change", () => {
  const source = "export class KVServer {\n  #n = a;\n  get() {\n    return this.#n + 1;\n  }\n}\n";
  const { source: changed, ...place } = mutantsOf("server.ts", source)
    .find(({ after }) => after === "2")!;
  const text = "return this.#n + 1;";
  const where = { file: "server.ts", line: 4, column: 22, inside: "get" };
  assertEquals(place, { ...where, text, before: "1", after: "2" });
  assertEquals(changed, source.replace("+ 1", "+ 2"));
});

Deno.test("mutantsOf() refuses a file that is not TypeScript, in one line", () => {
  const error = assertThrows(() => mutantsOf("client.ts", "class {"), CommandError, "client.ts");
  assert(!error.message.includes("\n"));
});
