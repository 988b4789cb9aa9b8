import { assertEquals } from "@std/assert";
import { citedSources } from "./cited_sources.ts";

const DECLARED: [text: string, ...found: string[]][] = [
  ["// Source: a lecture", "1: Source: a lecture"],
  ["let a = 1;\n/* Tools: an editor */", "2: Tools: an editor"],
  ["let a = 1; // references: a book", "1: references: a book"],
  ["// Used ChatGPT for the retry loop", "1: Used ChatGPT for the retry loop"],
  ["// Adapted from https://example.com", "1: Adapted from https://example.com"],
  [
    "// Sources:\n// - a lecture\n// 2. a book\n// the loop waits\n",
    "2: - a lecture",
    "3: 2. a book",
  ],
  [
    "/**\n * Sources:\n *\n * the clerk\n */\n/*\n * Sources:\n * - one\n * https://example.com/two\n */",
    "8: - one",
    "9: https://example.com/two",
  ],
  ['const text = "// Source: no comment";'],
  ["const text = `\n// Source: no comment\n`;\n// Source: one", "4: Source: one"],
  ["// used to be a map"],
  ["// the source of this value\n// it is used twice"],
];

for (const [text, ...found] of DECLARED) {
  Deno.test(`citedSources() reads ${JSON.stringify(text)}`, () => {
    const files = new Map([["server.ts", text], ["late.txt", "// Source: not code"]]);
    assertEquals(citedSources(files), found.map((line) => `server.ts:${line}`));
  });
}

Deno.test("citedSources() lists the first lines and counts the rest", () => {
  const files = new Map([["server.ts", "// Source: one\n".repeat(60)]]);
  const found = citedSources(files);
  assertEquals([found.length, found.at(-1)], [51, "and 10 more lines"]);
});

Deno.test("citedSources() does not hang on a large file of open quotes", () => {
  for (const part of ['"\\', "`\\", "/*", "\n"]) {
    const files = new Map([["server.ts", part.repeat(30_000)]]);
    assertEquals(citedSources(files), []);
  }
});
