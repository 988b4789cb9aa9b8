import { assertEquals } from "@std/assert";
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
