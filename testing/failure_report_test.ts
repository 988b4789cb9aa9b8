import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { hintOf, HINTS } from "./hints.ts";
import {
  hintText,
  LabFailure,
  pageCommand,
  replayCommand,
  type ReplayTarget,
  show,
  showDifference,
  violationLines,
} from "./failure_report.ts";

const TARGET: ReplayTarget = {
  name: "TestUnreliable: unreliable net, one client",
  seed: 3,
  clock: "virtual",
  network: "unreliable",
};

Deno.test("LabFailure says what, which operation, expected, actual, where, hint and commands", () => {
  const failure = new LabFailure({
    what: 'append("k", "x") was executed twice',
    operation: 'clerk 0: append("k", "x")',
    expected: '"x"',
    actual: '"xx"',
    where: ["client.ts:1:2 (Clerk.append)", "client.ts:3:4"],
    hint: "How can a server recognize a retry?",
  }, TARGET);
  assertEquals(
    failure.message.replaceAll(/npx -y deno@[\d.]+/g, "deno"),
    [
      'append("k", "x") was executed twice',
      '  operation: clerk 0: append("k", "x")',
      '  expected:  "x"',
      '  actual:    "xx"',
      "  where:     client.ts:1:2 (Clerk.append)",
      "             client.ts:3:4",
      "  hint:      How can a server recognize a retry?",
      "  story:     deno task replay --test=TestUnreliable --seed=3",
      '  replay:    deno test test_test.ts --filter "TestUnreliable:" -- --seed=3',
      "  page:      deno task replay --test=TestUnreliable --seed=3 --html=run.html",
    ].join("\n"),
  );
});

Deno.test("LabFailure shows no commands for a submission that the rules refuse", () => {
  const refusal = { what: '"fetch" is not allowed', hint: "use call()", isRefusal: true } as const;
  assertEquals(
    new LabFailure(refusal, TARGET).message,
    '"fetch" is not allowed\n  hint:      use call()',
  );
});

Deno.test("LabFailure escapes characters that act on a terminal or are invalid in XML", () => {
  const what = "The handler threw Error: a\u009b31m \u202e \uffff\r";
  const { message } = new LabFailure({ what, where: ["\u0007"], hint: "b" }, TARGET);
  assertEquals(/(?!\n)[\p{C}\uffff]/u.test(message), false);
  assertStringIncludes(message, "Error: a\\u009b31m \\u202e \\uffff\\u000d");
});

Deno.test("LabFailure shows no stack of the harness, and leaves other errors their stacks", () => {
  const failure = new LabFailure({ what: "a", hint: "b" }, TARGET);
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

/** The words of a command after Deno itself. */
function words(command: string | undefined): string | undefined {
  return command?.replace(/^.*?(test|task) /, "$1 ");
}

Deno.test("replayCommand() picks exactly the test, its seed, its clock and its network", () => {
  const origin = "file:///home/me/lab/test_test.ts";
  const test = 'test test_test.ts --filter "TestUnreliable:" --';
  assertEquals(words(replayCommand({ ...TARGET, origin })), `${test} --seed=3`);
  assertEquals(
    words(replayCommand({ ...TARGET, clock: "real", network: "hostile" })),
    `${test} --seed=3 --network=hostile --clock=real`,
  );
  assertStringIncludes(replayCommand({ ...TARGET, name: "no colon" }), '--filter "no colon"');
});

Deno.test("replayCommand() names the submission when it is not the lab's own", () => {
  const task = "task replay --test=TestUnreliable --seed=3 --network=hostile";
  const target = { ...TARGET, network: "hostile" } as const;
  assertEquals(
    words(replayCommand({ ...target, submission: "corpus/no_retry" })),
    `${task} --submission=corpus/no_retry`,
  );
  assertEquals(
    words(pageCommand({ ...target, submission: "my work" })),
    `${task} --submission="my work" --html=run.html`,
  );
});

Deno.test("pageCommand() returns nothing if a run cannot be replayed", () => {
  assertEquals(pageCommand({ ...TARGET, clock: "real" }), undefined);
  assertEquals(pageCommand({ ...TARGET, origin: "file:///lab/config_test.ts" }), undefined);
});

Deno.test("a hint asks which server only if there are several", () => {
  const violation = { what: "A read was stale", hint: HINTS.stale };
  assertEquals(violationLines(violation).at(-1)!.includes("Which server"), true);
  const alone = violationLines({ ...violation, isAlone: true }).at(-1)!;
  assertEquals(alone.includes("Which server"), false);
  assertStringIncludes(alone, "A read must see every write that returned before it was called");
  assertEquals(hintOf(hintText({ ...violation, isAlone: true })), HINTS.stale);
});
