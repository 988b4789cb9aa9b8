import { assertEquals } from "@std/assert";
import { z } from "zod";
import { isPlainSchema } from "./inside/plain_schema.ts";

Deno.test("isPlainSchema() accepts schemas that only describe data", () => {
  const schemas = [
    z.object({ key: z.string(), seq: z.number().int().min(0), id: z.uuid() }),
    z.strictObject({ pairs: z.array(z.object({ key: z.string() })).optional() }),
    z.union([z.literal("a"), z.enum(["b", "c"]), z.null(), z.boolean()]),
  ];
  for (const schema of schemas) assertEquals(isPlainSchema(schema), true);
});

Deno.test("isPlainSchema() rejects schemas that run code, change values or keep state", () => {
  let calls = 0;
  interface Tree {
    below: Tree[];
  }
  const tree: z.ZodType<Tree> = z.lazy(() => z.object({ below: z.array(tree) }));
  const inner = [
    z.string().refine(() => calls++ < 3),
    z.string().transform((text) => text + calls++),
    z.string().default("x"),
    z.string().catch("x"),
    z.string().trim(),
    z.coerce.number(),
    z.preprocess((value) => value, z.string()),
    z.string().regex(/a/g),
    z.custom(() => calls++ < 3),
    tree,
  ];
  for (const schema of inner) {
    assertEquals(isPlainSchema(z.object({ field: z.array(schema) })), false, schema.def.type);
  }
  for (const value of [undefined, null, {}, { _zod: {} }]) {
    assertEquals(isPlainSchema(value), false);
  }
});
