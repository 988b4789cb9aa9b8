import { assertEquals } from "@std/assert";
import { makeConsole } from "./inside/console.ts";

Deno.test("a console makes no texts of values once nothing more is printed", () => {
  const lines: string[] = [];
  let texts = 0;
  const { log, table } = makeConsole((line) => lines.push(line) < 2, (value) => {
    texts++;
    return String(value);
  }) as Console;
  log("a", 1);
  table([2]);
  log("b", 3);
  table([4]);
  assertEquals([lines, texts], [["a 1", "2"], 3]);
});
