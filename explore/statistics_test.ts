import { assertEquals } from "@std/assert";
import { Statistics } from "./statistics.ts";

Deno.test("Statistics has the mean and the standard deviation of what was added", () => {
  const statistics = new Statistics();
  assertEquals([statistics.mean, statistics.spread], [0, 0]);
  statistics.add(1e9);
  assertEquals([statistics.mean, statistics.spread], [1e9, 0]);
  for (const value of [1e9 + 2, 1e9 + 4]) statistics.add(value);
  assertEquals([statistics.mean, statistics.spread], [1e9 + 2, 2]);
});
