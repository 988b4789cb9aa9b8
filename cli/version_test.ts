import { assertEquals, assertStringIncludes } from "@std/assert";
import { stub } from "@std/testing/mock";
import { exitOnOtherVersion, versionProblem } from "./version.ts";

Deno.test("versionProblem() refuses other versions of Deno in one line that says what to do", () => {
  for (const version of ["1.46.3", "2.3.0", "2.8.1", "3.0.0"]) {
    const problem = versionProblem(version)!;
    assertStringIncludes(problem, `Cannot run on Deno ${version}; expected 2.9`);
    assertEquals(problem.includes("\n"), false);
  }
  for (const version of ["2.9.0", "2.9.6", "2.10.1"]) {
    assertEquals(versionProblem(version), undefined);
  }
});

Deno.test("the tests end with one line and status 2 on another version of Deno", () => {
  using exit = stub(Deno, "exit", () => undefined as never);
  using error = stub(console, "error", () => {});
  exitOnOtherVersion("2.9.6");
  assertEquals([exit.calls.length, error.calls.length], [0, 0]);
  exitOnOtherVersion("2.6.0");
  assertEquals(exit.calls.map(({ args }) => args), [[2]]);
  assertEquals(error.calls.map(({ args }) => args), [[versionProblem("2.6.0")]]);
});
