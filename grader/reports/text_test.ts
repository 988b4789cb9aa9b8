import { assert, assertEquals } from "@std/assert";
import { HOSTILE } from "./fixture.ts";
import { cut, jsonOf, oneLine, sanitize } from "./text.ts";
import { failureLines, problemText } from "./wording.ts";

/** Returns true if a line is a command to GitHub Actions, whose runner trims it. */
function isCommand(line: string): boolean {
  return /^::.*?::/.test(line.trimStart()) || line.includes("##[");
}

Deno.test("sanitize() leaves no command to GitHub Actions in a text", () => {
  assert(HOSTILE.split("\r\n").some(isCommand));
  const tricks = [
    "::a::b",
    "\t ::a::b",
    "\u3000::a::b",
    "\x1b[0m::a::b",
    "#\x07#[a]b",
    "\u200b::a::b",
  ];
  const text = sanitize([HOSTILE, ...tricks, "x\r::a::b", "y\r\n::a::b"].join("\n"));
  assertEquals(text.split("\n").filter(isCommand), []);
});

Deno.test("sanitize() removes characters that steer a terminal or that XML forbids", () => {
  assertEquals(
    sanitize(HOSTILE).match(/[^\P{Cc}\n\t]|\p{Bidi_Control}|[\ufffe\uffff\ud800]/gu),
    null,
  );
  assertEquals(
    sanitize("\x1b]8;;https://example.com\x07link\x1b]8;;\x07 \x9b31mred"),
    "link red",
  );
});

Deno.test("sanitize() keeps ordinary texts", () => {
  const text = 'std::vector, f(a ? b :: c)\n\t"é" 👩‍💻 日本語 # ## [x]';
  assertEquals(sanitize(text), text);
});

Deno.test("oneLine() joins lines, whatever their separator", () => {
  assertEquals(oneLine("a\nb\r\nc\rd\u2028e\u2029f\tg"), "a b c d e f g");
  assertEquals(oneLine("x".repeat(1_000_000)).length < 600, true);
});

Deno.test("cut() does not split a character", () => {
  assertEquals(cut("a👩b", 2), "a… (3 more characters)");
});

Deno.test("jsonOf() keeps the value, without commands and control characters", () => {
  const text = jsonOf({ [HOSTILE]: [HOSTILE] });
  assertEquals(text.split("\n").filter(isCommand), []);
  assertEquals(text.match(/[^\P{Cc}\n]|\p{Bidi_Control}/gu), null);
  assertEquals(JSON.parse(text), { [HOSTILE]: [HOSTILE] });
});

Deno.test("failureLines() and problemText() cut a message of a megabyte", () => {
  const message = "::x\n".repeat(250_000);
  const lines = failureLines({ message, hint: message, replay: message });
  assert(lines.join("\n").length < 10_000);
  assert(problemText({ message, file: message, line: 1 }).length < 10_000);
});
