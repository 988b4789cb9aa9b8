import { assertEquals } from "@std/assert";
import { PrintedText } from "./printed_text.ts";

function sentBy(lengthMax: number, lines: readonly string[]): [text: string, isCut: boolean][] {
  const sent: [string, boolean][] = [];
  const printed = new PrintedText(lengthMax, (...piece) => void sent.push(piece));
  for (const line of lines) printed.print(line);
  printed.flush();
  printed.flush();
  return sent;
}

Deno.test("PrintedText sends several lines together", () => {
  assertEquals(sentBy(100, ["one", "", "two"]), [["one\n\ntwo\n", false]]);
  assertEquals(sentBy(100, []), []);
});

Deno.test("PrintedText cuts text at the limit and says so once", () => {
  assertEquals(sentBy(6, ["abc", "defg", "h"]), [["abc\nde\n", true]]);
  assertEquals(sentBy(0, ["abc", "def"]), [["\n", true]]);
});

Deno.test("PrintedText sends long text in pieces", () => {
  const line = "x".repeat(3_000);
  const sent = sentBy(1e6, [line, line, line, line]);
  assertEquals(sent.map(([text]) => text.length), [6_002, 6_002]);
});
