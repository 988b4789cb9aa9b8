import { assert, assertEquals } from "@std/assert";
import type { Member, Shown } from "../../protocol.ts";
import { compactText, isSimple, mapColumns } from "./value_text.ts";

const text = (text: string): Shown => ({ is: "text", type: "string", text });

function object(members: Member[], type = "Object"): Shown {
  return { is: "object", type, size: members.length, members };
}

const entry = object([{ name: "value", value: text('"x"') }, {
  name: "version",
  value: text("1"),
}]);

Deno.test("compactText() writes a small object as code would", () => {
  assertEquals(compactText(entry), '{ value: "x", version: 1 }');
  assertEquals(compactText(object([], "Latest")), "Latest {}");
});

Deno.test("isSimple() refuses a value if something in it changed, or is not listed", () => {
  assert(isSimple(entry));
  assert(!isSimple({ ...entry, hasChanges: true } as Shown));
  assert(!isSimple({ ...entry, path: "x" } as Shown));
  assert(!isSimple(object([{ name: "a", value: text("x".repeat(100)) }])));
});

Deno.test("mapColumns() makes columns only of objects with few fields", () => {
  assertEquals(mapColumns([{ key: text('"0"'), value: entry }]), ["value", "version"]);
  assertEquals(mapColumns([{ key: text('"0"'), value: text("1") }]), undefined);
  const wide = object(["a", "b", "c", "d", "e"].map((name) => ({ name, value: text("1") })));
  assertEquals(mapColumns([{ key: text('"0"'), value: wide }]), undefined);
});
