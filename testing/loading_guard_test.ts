import { assertEquals, assertThrows } from "@std/assert";

Deno.test("a student's file cannot end the process while it is loaded", async () => {
  const { exit } = Deno;
  const { endLoading } = await import("./loading_guard.ts");
  assertThrows(() => Deno.exit(0), Error, "calls Deno.exit() while it is loaded");
  assertThrows(() => globalThis.close(), Error, "calls close() while it is loaded");
  endLoading();
  assertEquals(Deno.exit, exit);
});

Deno.test("a missing permission is reported without the advice to grant it", async () => {
  await import("./loading_guard.ts");
  const advice = 'Requires write access to "/x", run again with the --allow-write flag';
  const { name, message } = new Deno.errors.NotCapable(advice);
  assertEquals(name, "NotCapable");
  assertEquals(
    message,
    'Requires write access to "/x", which servers and clerks do not have: keep their data in fields',
  );
});
