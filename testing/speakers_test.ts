import { assertEquals } from "@std/assert";
import { chanceOf, Random, withChance } from "../sim/mod.ts";
import { nameSpeakers } from "./speakers.ts";

Deno.test("the output of a machine begins with the virtual time and its name", async () => {
  const printed: unknown[][] = [];
  using _log = replaceLog((...args) => void printed.push(args));
  nameSpeakers(() => 12.34);
  console.log("Test: one client ...");
  await withChance(chanceOf(new Random(1), "server 0"), async () => {
    console.log("%d of %s", 1, "a");
    await Promise.resolve();
    console.log({ seq: 1 });
  });
  assertEquals(printed, [
    ["Test: one client ..."],
    ["     12.3  server 0: %d of %s", 1, "a"],
    ["     12.3  server 0:", { seq: 1 }],
  ]);
});

function replaceLog(log: typeof console.log): Disposable {
  const original = console.log;
  console.log = log;
  return { [Symbol.dispose]: () => void (console.log = original) };
}
