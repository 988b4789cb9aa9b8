import { assertEquals } from "@std/assert";
import plugin from "./lab.ts";

function diagnose(file: string, source: string): string[] {
  const pathname = decodeURIComponent(new URL(`../${file}`, import.meta.url).pathname);
  return Deno.lint.runPlugin(plugin, pathname, source).map(({ message }) => message);
}

Deno.test("import-arrows reports an import of a higher folder", () => {
  assertEquals(diagnose("sim/x.ts", 'import { Network } from "../labrpc.ts";'), [
    "sim may not import labrpc.ts",
  ]);
  assertEquals(diagnose("labrpc.ts", 'export * from "./testing/values.ts";'), [
    "labrpc.ts may not import testing",
  ]);
  assertEquals(diagnose("client.ts", 'import { Config } from "./sim/mod.ts";'), [
    "client.ts may not import sim",
  ]);
});

Deno.test("import-arrows reports a dynamic import, and a file in no known folder", () => {
  assertEquals(diagnose("sim/x.ts", 'await import("../config.ts");'), [
    "sim may not import config.ts",
  ]);
  assertEquals(diagnose("extra.ts", 'import "./sim/mod.ts";'), [
    "extra.ts is in no folder of the lab",
  ]);
});

Deno.test("import-arrows allows what the arrows allow, and any import of a test or fixture", () => {
  assertEquals(diagnose("config.ts", 'import { Clerk } from "./client.ts";'), []);
  assertEquals(diagnose("sim/x.ts", 'import { Random } from "./random.ts";'), []);
  assertEquals(diagnose("labrpc/x_test.ts", 'import { grade } from "../explore/overlay.ts";'), []);
  assertEquals(diagnose("test_test.ts", 'import { limits } from "./config.ts";'), []);
});

Deno.test("import-arrows reports an internal file that another folder imports", () => {
  assertEquals(diagnose("testing/x.ts", 'import { y } from "../sim/_y.ts";'), [
    "sim/_y.ts is internal to sim",
  ]);
});

Deno.test("no-ambient-chance reports clocks and randomness outside sim and submissions", () => {
  const source = "export const x = Math.random() + Date.now() + performance.now();";
  assertEquals(diagnose("testing/x.ts", source).length, 3);
  assertEquals(diagnose("config.ts", "export const x = crypto.randomUUID();").length, 1);
  assertEquals(diagnose("sim/x.ts", source), []);
  assertEquals(diagnose("client.ts", source), []);
  assertEquals(diagnose("config.ts", "export const x = constructor.prototype;"), []);
});
