/**
 * The solution is left out, and a slip in its markers is seen.
 *
 * @module
 */

import { assertEquals, assertThrows } from "@std/assert";
import { CommandError } from "../cli/mod.ts";
import { mayRunProcesses } from "../grader/permissions.ts";
import { LAB, SOLUTION_FILES } from "./files.ts";
import { strip } from "./strip.ts";

const ignore = !mayRunProcesses;

Deno.test("strip() finds its markers, when lines end as on Windows", () => {
  const lines = ["// BEGIN SOLUTION", "// HANDOUT: let a;", "let a = 1;", "// END SOLUTION", ""];
  assertEquals(strip(lines.join("\r\n"), "a.ts"), "let a;\n");
});

Deno.test("strip() says where code goes, or what stands in its place", () => {
  const text = [
    "const a = 1;",
    "  // BEGIN SOLUTION",
    "  const b = 2;",
    "  // END SOLUTION",
    "// BEGIN SOLUTION",
    "// HANDOUT: function f() {",
    "// HANDOUT:   throw new Error();",
    "// HANDOUT:",
    "// HANDOUT: }",
    "const f = () => 3;",
    "// END SOLUTION",
    "",
  ].join("\n");
  assertEquals(
    strip(text, "a.ts"),
    "const a = 1;\n  // Your code here\nfunction f() {\n  throw new Error();\n\n}\n",
  );
});

Deno.test("strip() names file and line of a marker without its counterpart", () => {
  const cases: [lines: string[], message: string][] = [
    [["", "// BEGIN SOLUTION", "// BEGIN SOLUTION"], 'a.ts:3: found "// BEGIN SOLUTION" inside'],
    [["", "// BEGIN SOLUTION", "x"], "a.ts:2: the region that begins here does not end"],
    [["// BEGIN SOLUTION", "// END SOLUTION", "// END SOLUTION"], 'a.ts:3: found "// END'],
  ];
  for (const [lines, message] of cases) {
    assertThrows(() => strip(lines.join("\n"), "a.ts"), CommandError, message);
  }
});

Deno.test("corpus/skeleton/ is what strip() makes of the solution", { ignore }, async () => {
  for (const file of SOLUTION_FILES) {
    assertEquals(
      await Deno.readTextFile(new URL(`corpus/skeleton/${file}`, LAB)),
      strip(await Deno.readTextFile(new URL(file, LAB)), file),
    );
  }
});
