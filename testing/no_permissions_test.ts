import { assertEquals } from "@std/assert";
import "./no_permissions.ts";

Deno.test("what lacks a permission is told where data belongs, and not to grant it", () => {
  const advice = 'Requires write access to "/x", run again with the --allow-write flag';
  const { name, message } = new Deno.errors.NotCapable(advice);
  assertEquals(name, "NotCapable");
  assertEquals(
    message,
    'Requires write access to "/x", which servers and clerks do not have: keep their data in fields',
  );
});
