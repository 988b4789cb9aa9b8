import { assertEquals, assertThrows } from "@std/assert";

Deno.test("a student's file cannot end the process while it is loaded", async () => {
  const { exit } = Deno;
  const { endLoading } = await import("./loading_guard.ts");
  assertThrows(() => Deno.exit(0), Error, "calls Deno.exit() while it is loaded");
  assertThrows(() => globalThis.close(), Error, "calls close() while it is loaded");
  endLoading();
  assertEquals(Deno.exit, exit);
});
