import { assertEquals, assertMatch } from "@std/assert";
import { measure } from "./figures.ts";

Deno.test("measure() prints every figure", async () => {
  const lines: string[] = [];
  await measure({ seeds: 1, calls: [50] }, (line) => lines.push(line));
  assertEquals(lines.length, 4);
  assertMatch(lines[0]!, /^the seven tests, once, cold: +\d+\.\d\d s CPU, \d+ MB$/);
  assertMatch(lines[1]!, /^1 seeds of the seven tests: +no failure, \d+ ms a seed, memory .* MB$/);
  assertMatch(lines[2]!, /^ +50 calls, 5 clerks: +\d+\.\d\d µs a call$/);
  assertMatch(lines[3]!, /^calls with 100 KB: +\d+ µs a call$/);
});
