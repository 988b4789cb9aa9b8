import { assertEquals } from "@std/assert";
import { tailOf } from "./tail.ts";

Deno.test("tailOf() keeps the last characters, also of a character in two chunks", async () => {
  const [first, ...rest] = new TextEncoder().encode("ä b c");
  const stream = ReadableStream.from([new Uint8Array([first!]), new Uint8Array(rest)]);
  assertEquals(await tailOf(stream, 5), "ä b c");
  const again = ReadableStream.from([
    new TextEncoder().encode("a b"),
    new TextEncoder().encode("c"),
  ]);
  assertEquals(await tailOf(again, 2), "bc");
});
