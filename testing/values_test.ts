import { assertEquals } from "@std/assert";
import { partsMissing, partsOf, refrain, repeatedToken, token } from "./values.ts";

const [a, b, again] = [token(1, 2), token(10, 20), refrain(3)];

Deno.test("partsOf() splits a value into tokens, refrains and the rest", () => {
  assertEquals(partsOf(a + again + b + again), [a, again, b, again]);
  assertEquals(partsOf(`undefined${a}x 1${again}`), ["undefined", a, "x", " 1", again]);
  assertEquals(partsOf(""), []);
});

Deno.test("repeatedToken() finds a token that is there twice, but no refrain", () => {
  assertEquals(repeatedToken(a + again + b + again), undefined);
  assertEquals(repeatedToken(a + b + again + b), b);
});

Deno.test("partsMissing() counts how often a part is there", () => {
  assertEquals(partsMissing(a + again, a + again + again + b), [again, b]);
  assertEquals(partsMissing(a + b, b + a), []);
});
