import { assertEquals } from "@std/assert";
import { mayRunProcesses } from "../../cli/permissions_fixture.ts";
import { stopBundler } from "./bundle.ts";
import { evaluate } from "./fixture.ts";

const options = { ignore: !mayRunProcesses, sanitizeOps: false, sanitizeResources: false };

Deno.test("a realm can build every type of schema that zod exports", options, async () => {
  const { returned } = await evaluate(
    "return JSON.stringify(failed);",
    `
    import * as zod from "zod";
    const { z } = zod;
    const s = z.string();
    const built: Record<string, () => unknown> = {
      array: () => z.array(s), object: () => z.object({ s }), strictObject: () => z.strictObject({ s }),
      looseObject: () => z.looseObject({ s }), union: () => z.union([s, z.number()]), tuple: () => z.tuple([s]),
      discriminatedUnion: () => z.discriminatedUnion("k", [z.object({ k: z.literal("a") })]),
      intersection: () => z.intersection(z.object({ a: s }), z.object({ b: s })), record: () => z.record(s, s),
      partialRecord: () => z.partialRecord(z.enum(["a"]), s), map: () => z.map(s, s), set: () => z.set(s),
      enum: () => z.enum(["a"]), nativeEnum: () => z.nativeEnum({ A: "a" }), literal: () => z.literal(1),
      transform: () => z.transform((value) => value), optional: () => z.optional(s), nullable: () => z.nullable(s),
      nullish: () => z.nullish(s), nonoptional: () => z.nonoptional(z.optional(s)), success: () => z.success(s),
      catch: () => z.catch(s, "a"), pipe: () => z.pipe(s, s), readonly: () => z.readonly(s),
      templateLiteral: () => z.templateLiteral(["a", s]), lazy: () => z.lazy(() => s), promise: () => z.promise(s),
      custom: () => z.custom<string>(() => true), instanceof: () => z.instanceof(Map), preprocess: () => z.preprocess((v) => v, s),
      prefault: () => z.prefault(s, "a"), stringFormat: () => z.stringFormat("x", /a/), codec: () => z.codec(s, s, { decode: (v) => v, encode: (v) => v }),
      keyof: () => z.keyof(z.object({ a: s })), refine: () => s.refine(() => true), _default: () => s.default("a"),
      coerce: () => z.coerce.number().parse("1"), json: () => z.json().parse({ a: [1] }), stringbool: () => z.stringbool().parse("true"),
      function: () => z.function({ input: [s], output: s }), iso: () => [z.iso.datetime(), z.iso.date(), z.iso.time(), z.iso.duration()],
      uuid: () => z.uuid().parse(crypto.randomUUID()), describe: () => s.describe("a").meta({ id: "a" }), toJSONSchema: () => z.toJSONSchema(z.object({ s })),
      file: () => "no files here", hash: () => z.hash("sha256"), hostname: () => z.hostname(), httpUrl: () => z.httpUrl(),
    };
    const failed: string[] = [];
    for (const [name, value] of Object.entries(z)) {
      if (!/^[a-z]/.test(name) || typeof value !== "function") continue;
      try { (built[name] ?? value)(); } catch (error) {
        const isSchema = /^(?:any|big|boolean|cidr|cuid|date|email|emoji|float|guid|hex|int|ip|jwt|ksuid|mac|nan|nanoid|never|null|number|string|symbol|u|void|xid)/.test(name);
        if (built[name] !== undefined || isSchema) failed.push(name + ": " + error);
      }
    }
    for (const [name, build] of Object.entries(built)) if (!(name in z)) build();
  `,
  );
  assertEquals(returned, "[]");
});

Deno.test.afterAll(stopBundler);
