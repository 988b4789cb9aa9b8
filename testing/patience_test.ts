import { assertEquals } from "@std/assert";
import { runMsMax, testMsMax } from "./patience.ts";

Deno.test("the time limit grows with the slowness of the machine, up to a maximum", () => {
  assertEquals(runMsMax(1), 10_000);
  assertEquals(runMsMax(10.123), 12_654);
  assertEquals(runMsMax(80), 100_000);
  assertEquals(runMsMax(8_000), 100_000);
});

Deno.test("no limit is set while a debugger may hold the test", () => {
  assertEquals(testMsMax({ clock: "virtual", debug: true }), undefined);
  assertEquals(testMsMax({ clock: "real" }), 180_000);
});
