import { assertEquals } from "@std/assert";
import { privateFieldsOf, takeReaders, withReaders } from "./private_fields.ts";

const SOURCE = `class Base {
  #a: number = 1;
}
export class Store extends Base {
  static #count = 0;
  readonly #b = new Set<string>(["x"]);
  #method(): void {}
  get size(): number { return this.#b.size; } }
`;

Deno.test("private fields of a class and of its base can be read", async () => {
  takeReaders();
  const script = withReaders(SOURCE);
  const { Store } = await import(`data:text/javascript,${encodeURIComponent(script)}`);
  assertEquals(privateFieldsOf(new Store()), { "#a": 1, "#b": new Set(["x"]) });
  assertEquals(privateFieldsOf({}), {});
});

Deno.test("withReaders() moves nothing before the end of a class, and leaves alone what it cannot read", () => {
  const lines = withReaders(SOURCE).split("\n");
  assertEquals(lines.length, SOURCE.split("\n").length);
  assertEquals(lines[5], '           #b = new Set        (["x"]);');
  assertEquals(withReaders("class {{"), "class {{");
});
