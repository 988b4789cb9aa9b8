import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { parseOutline } from "./json_outline.ts";
import { Pace } from "./pace.ts";

/** Returns what a function returns, or the message of what it throws. */
function outcome(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return (error as Error).message;
  }
}

/** JSON objects with a list, written in several ways, some damaged at one place. */
const texts = fc.record({
  list: fc.array(fc.jsonValue({ maxDepth: 2 }), { maxLength: 4 }),
  rest: fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 2 }),
  isFirst: fc.boolean(),
  indent: fc.constantFrom(0, 2, "\t", "\r\n"),
  damage: fc.option(fc.record({
    at: fc.nat(200),
    cut: fc.nat(3),
    put: fc.constantFrom("", ",", "]", "}", "{", '"', "\\", ":", " ", "1", "null", "\u00a0"),
  })),
}).map(({ list, rest, isFirst, indent, damage }) => {
  const json = JSON.stringify(isFirst ? { list, ...rest } : { ...rest, list }, undefined, indent);
  if (damage === null) return json;
  const at = damage.at % (json.length + 1);
  return json.slice(0, at) + damage.put + json.slice(at + damage.cut);
});

Deno.test("parseOutline() reads what JSON.parse() reads, and refuses what it refuses", () => {
  fc.assert(
    fc.property(texts, (text) => {
      assertEquals(
        outcome(() => parseOutline(text, "list", new Pace())),
        outcome(() => JSON.parse(text)),
        text,
      );
    }),
    {
      numRuns: 2000,
      seed: 1,
      examples: [["[]"], ["null"], ['{"list":[1,]}'], ['{"__proto__":[1],"list":[2]}'], [
        '{"list":[],"list":[1 2]}',
      ]],
    },
  );
});
