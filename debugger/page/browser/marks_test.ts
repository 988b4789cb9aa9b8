import { assert, assertEquals, assertMatch } from "@std/assert";
import { columnsFor, drawMark, type Mark, namesNear } from "./marks.ts";

const NAMES = Array.from({ length: 26 }, (_, i) => `clerk ${i}`);

function note(row: number, at: string): Mark {
  return { kind: "note", row, at, text: "" };
}

Deno.test("namesNear() keeps only those lifelines of many that take part nearby", () => {
  const marks = [note(0, "clerk 3"), note(5, "clerk 1"), note(1000, "clerk 2")];
  assertEquals(namesNear(NAMES, marks, 7), ["clerk 1", "clerk 3"]);
  assertEquals(namesNear(NAMES, marks, 990), ["clerk 2"]);
  assertEquals(namesNear(NAMES.slice(0, 4), marks, 7), NAMES.slice(0, 4));
});

Deno.test("columnsFor() fits ten machines into the page beside the panels", () => {
  const width = 845 / 1.15;
  assert(columnsFor(NAMES.slice(0, 10), width).widthPx <= width);
});

Deno.test("drawMark() draws a message that is under way as no arrival and no loss", () => {
  const columns = columnsFor(["clerk 0", "server 0"], 700);
  const sent = { kind: "message", row: 0, from: "clerk 0", to: "server 0", text: "" } as const;
  const drawn = (mark: Mark) => drawMark(mark, columns);
  assertMatch(drawn({ ...sent, isLost: false }), /under-way(?![^]*head)/);
  assertMatch(drawn({ ...sent, isLost: false, endRow: 2 }), /head/);
  assertMatch(drawn({ ...sent, isLost: true, endRow: 2 }), /cross/);
});
