import { assertEquals } from "@std/assert";
import { testMsMax, virtualMsMax } from "./patience.ts";

Deno.test("virtualMsMax() gives a slow machine as much more as it is slower, but not for ever", () => {
  assertEquals(virtualMsMax(1), 10_000);
  assertEquals(virtualMsMax(10.123), 12_654);
  assertEquals(virtualMsMax(80), 100_000);
  assertEquals(virtualMsMax(8_000), 100_000);
});

Deno.test("testMsMax() sets no limit while a debugger may hold the test", () => {
  assertEquals(testMsMax({ clock: "virtual", debug: true }), undefined);
  assertEquals(testMsMax({ clock: "real" }), 180_000);
});
