import { assertEquals, assertStringIncludes } from "@std/assert";
import { versionProblem } from "./version.ts";

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
