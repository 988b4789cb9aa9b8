import { assertEquals } from "@std/assert";
import { fieldsText } from "./request_fields.ts";

const args = (fields: object) => ({ args: JSON.stringify({ key: "0", value: "x", ...fields }) });

Deno.test("fieldsText() shows the fields besides key and value, short ones first", () => {
  const id = "10ea286a-6330-4847-ae78-69f31b42a0a8";
  assertEquals(fieldsText(args({ clerk: id, seq: 3 })), "seq=3 clerk=10ea…a0a8");
  assertEquals(fieldsText(args({ from: { seq: 1, clerk: "c" } })), "seq=1 clerk=c");
});

Deno.test("fieldsText() keeps ids apart that differ only at their end", () => {
  assertEquals(fieldsText(args({ id: "lab-clerk-0001" })), "id=lab-…0001");
  assertEquals(fieldsText(args({ id: "lab-clerk-0002" })), "id=lab-…0002");
});

Deno.test("fieldsText() is empty for a request without fields or with a text that was cut", () => {
  assertEquals(fieldsText(args({})), "");
  assertEquals(fieldsText({ args: '{"key":"0","va …' }), "");
});
