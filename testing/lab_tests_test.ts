import { assertEquals } from "@std/assert";
import text from "../test_test.ts" with { type: "text" };
import { labTests } from "./lab_tests.ts";

Deno.test("importing test_test.ts lists the seven tests in order and registers none", async () => {
  // To register a test inside of a test is an error.
  await import("../test_test.ts");
  assertEquals(labTests.map(({ name }) => name.split(":")[0]), [
    "TestBasic",
    "TestConcurrent",
    "TestUnreliable",
    "TestUnreliableOneKey",
    "TestStaticShards",
    "TestRejection",
    "TestUnreliableShards",
  ]);
});

Deno.test("each test begins on its own line, where an editor finds it", () => {
  const begun = text.matchAll(/^test\(labTest\("(.*)",/gm);
  assertEquals(Array.from(begun, ([, name]) => name), labTests.map(({ name }) => name));
});
