import { assert, assertEquals, assertMatch } from "@std/assert";
import { makeSubmission, MISTAKES, processTest } from "./command_fixture.ts";
import { openLab } from "./run/lab.ts";
import { screenLines } from "./story/screen.ts";
import { firstFailure } from "./watch.ts";

const SCREEN = { columns: 80, rows: 21 };

/** Returns what `watch` shows of a submission. */
async function shown(
  submission: AsyncDisposable & { path: string },
  choice: { test?: string; seed: number },
): Promise<string[]> {
  await using folder = submission;
  await using lab = await openLab(folder.path);
  return await firstFailure(lab.url, choice, SCREEN);
}

processTest("watch shows the first failure with its story on one screen", async () => {
  const lines = await shown(await makeSubmission(...MISTAKES.executesCopies), { seed: 1 });
  assertEquals(lines[0], "TestUnreliable failed with seed 1, after 2 that passed");
  assert(lines.length <= SCREEN.rows);
  assert(lines.every((line) => line.length <= SCREEN.columns));
  const text = lines.join("\n");
  assertMatch(text, /\n +100\.5 {2}│◀─+ 2: "x 0 0 y" ─+│\n/);
  assertMatch(text, /\n {2}hint: .*\n.*\n.*\n {2}next: {6}edit and save; [^\n]*\n[^\n]*$/);
});

processTest(
  "watch reports a file that cannot be loaded or is refused, and a next step if all tests pass",
  async () => {
    const broken = {
      file: "server.ts",
      from: "static readonly rpc = {",
      to: "static readonly = {{",
    };
    const [problem, next] = await shown(await makeSubmission(broken), { seed: 1 });
    assertMatch(problem!, /^Cannot load the tests with these files: .* at server\.ts:\d+/);
    assertEquals(next, "  next:      fix that and save");
    const shared = {
      file: "server.ts",
      from: "export class KVServer {",
      to: "let calls = 0;\nexport function count() { calls++; }\nexport class KVServer {",
    };
    const [refusal] = await shown(await makeSubmission(shared), { test: "TestBasic", seed: 1 });
    assertMatch(refusal!, /^server\.ts:\d+: "calls" may not change/);
    const lines = await shown(await makeSubmission(), { test: "TestBasic", seed: 3 });
    assertEquals(lines[0], "TestBasic passed with seed 3");
  },
);

Deno.test("screenLines() keeps the end of a report that is longer than the screen", () => {
  const what = Array.from({ length: 40 }, (_, i) => `line ${i}`).join("\n");
  const violation = { what, hint: "Think", where: ["a", "b", "c", "d"] };
  const lines = screenLines({ title: "TestBasic failed", violation, next: "save" }, SCREEN);
  assertEquals(lines.length, SCREEN.rows);
  assertEquals([lines[0], lines[1]], ["TestBasic failed", "  violated:  line 0"]);
  assertEquals(lines.slice(-3), ["             c", "  hint:      Think", "  next:      save"]);
});

Deno.test("screenLines() names the places of the smallest run, which its sentence is about", () => {
  const story = {
    title: "",
    columns: ["clerk 0"],
    steps: [],
    summary: "",
    violation: { what: "append failed", hint: "Think", where: ["client.ts:9"] },
  };
  const violation = { what: "get failed", hint: "Think", where: ["client.ts:1"] };
  const lines = screenLines({ title: "TestBasic failed", violation, story, next: "save" }, SCREEN);
  assertEquals(lines.slice(-4), [
    "  violated:  append failed",
    "  where:     client.ts:9",
    "  hint:      Think",
    "  next:      save",
  ]);
});
