import { assertEquals, assertThrows } from "@std/assert";
import { z } from "zod";
import { MessageError, pack } from "./message.ts";

Deno.test("pack() passes on a clone of what a schema makes", () => {
  const secret = { inside: [1] };
  const schema = z.object({ value: z.string() }).transform((sent) => ({ ...sent, secret }));
  const { value } = pack({ value: "a" }, schema);
  assertEquals(value, { value: "a", secret });
  assertEquals((value as { secret: object }).secret === secret, false);
});

Deno.test("pack() passes on a date that a schema makes", () => {
  const schema = z.object({ at: z.string().transform((text) => new Date(text)) });
  const { value } = pack({ at: "2000-01-01T00:00:00Z" }, schema);
  assertEquals(value, { at: new Date("2000-01-01T00:00:00Z") });
});

Deno.test("pack() refuses a function that a schema makes", () => {
  const schema = z.object({ value: z.string() }).transform(() => ({ value: () => {} }));
  assertThrows(() => pack({ value: "a" }, schema), MessageError, "cannot be cloned");
});
