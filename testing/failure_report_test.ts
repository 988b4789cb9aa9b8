import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { LabFailure, replayCommand, show, showCall, showDifference } from "./failure_report.ts";

Deno.test("LabFailure says what, which operation, expected, actual, where, hint and replay", () => {
  const failure = new LabFailure({
    what: 'append("k", "x") was executed twice',
    operation: 'clerk 0: append("k", "x")',
    expected: '"x"',
    actual: '"xx"',
    where: ["client.ts:1:2 (Clerk.append)", "client.ts:3:4"],
    hint: "How can a server recognize a copy?",
  }, "deno test -- --seed=3");
  assertEquals(
    failure.message,
    [
      'append("k", "x") was executed twice',
      '  operation: clerk 0: append("k", "x")',
      '  expected:  "x"',
      '  actual:    "xx"',
      "  where:     client.ts:1:2 (Clerk.append)",
      "             client.ts:3:4",
      "  hint:      How can a server recognize a copy?",
      "  replay:    deno test -- --seed=3",
    ].join("\n"),
  );
});

Deno.test("LabFailure shows no stack of the harness, and leaves other errors their stacks", () => {
  const failure = new LabFailure({ what: "a", hint: "b" }, "c");
  assertEquals(failure.stack, `LabFailure: ${failure.message}`);
  assertStringIncludes(new Error("other").stack!, "failure_report_test.ts");
});

Deno.test("show() cuts a long value in the middle, and keeps both ends", () => {
  assertEquals(show('say "hi"'), '"say \\"hi\\""');
  assertEquals(show("x".repeat(100)), JSON.stringify("x".repeat(100)));
  const shown = show(`start${"-".repeat(1_000_000)}end`);
  assert(shown.length < 200);
  assertStringIncludes(shown, '"start');
  assertStringIncludes(shown, "…999908 more characters…");
  assertStringIncludes(shown, 'end"');
  assertEquals(show(undefined), "undefined");
});

Deno.test("showDifference() cuts both values to what surrounds their first difference", () => {
  assertEquals(showDifference("abc", "abd"), ['"abc"', '"abd"']);
  const [shorter, longer] = showDifference("-".repeat(500), `${"-".repeat(500)}more`);
  assertEquals(shorter, `…480 characters… "${"-".repeat(20)}"`);
  assertEquals(longer, `…480 characters… "${"-".repeat(20)}more"`);
});

Deno.test("showCall() writes a call as a student would", () => {
  assertEquals(showCall({ op: "get", key: "a" }), 'get("a")');
  assertEquals(showCall({ op: "append", key: "a", value: "b" }), 'append("a", "b")');
});

Deno.test("replayCommand() picks exactly the test, its seed and its clock", () => {
  const name = "TestUnreliable: unreliable net, one client";
  const origin = "file:///home/me/lab/test_test.ts";
  assertStringIncludes(
    replayCommand({ name, origin, seed: 3, clock: "virtual" }),
    ' test test_test.ts --filter "TestUnreliable:" -- --seed=3',
  );
  assertStringIncludes(replayCommand({ name, seed: 3, clock: "real" }), "--seed=3 --clock=real");
  assertStringIncludes(
    replayCommand({ name: "no colon", seed: 1, clock: "virtual" }),
    '--filter "no colon"',
  );
});
