import { assertEquals, assertThrows } from "@std/assert";
import { check } from "../check.ts";
import { HistoryFileError } from "./history_file_error.ts";
import { parseJepsen } from "./jepsen.ts";
import { register } from "../models/register.ts";

/** Writes events as Jepsen does, from lines of type, process, function and value. Other lines stay
 * as they are. */
function edn(...lines: string[]): string {
  return lines.map((line) => {
    const [, type, process, f, value] = line.match(/^(\w+) (\S+) (\w+) (.*)$/) ?? [];
    if (type === undefined) return line;
    return `{:type :${type}, :process ${process}, :f :${f}, :value ${value}}`;
  }).join("\n");
}

const history = (...lines: string[]) => parseJepsen(edn(...lines));

Deno.test("parseJepsen() joins invocations and completions and skips the nemesis", () => {
  const operations = history(
    "invoke 0 write 3, :time 1000000, :index 0",
    'info :nemesis start :anything, :error [:a #{1 2} "}"]',
    "invoke 1 read nil",
    "ok 1 read 3",
    "ok 0 write 3, :time 3000000",
    "invoke 1 cas [3 4]",
    "ok 1 cas [3 4]",
  );
  assertEquals<unknown>(operations, [
    { client: 0, op: "write", value: 3, call: 0, return: 4, callMs: 1, returnMs: 3 },
    { client: 1, op: "read", output: 3, call: 2, return: 3 },
    { client: 1, op: "cas", value: [3, 4], output: true, call: 5, return: 6 },
  ]);
});

Deno.test("parseJepsen() keeps crashed processes open and leaves failed operations out", () => {
  const operations = history(
    "invoke 0 write 1",
    "info 0 write 1, :error :timeout",
    "invoke 1 cas [1 2]",
    "fail 1 cas [1 2]",
    "invoke 5 write 7",
  );
  const found = operations.map(({ client, return: returned }) => [client, returned]);
  assertEquals(found, [[0, null], [5, null]]);
});

Deno.test("parseJepsen() takes independent keys from tuples, not from the pair of a cas", () => {
  const keyed = history(
    "invoke 0 write [1 5]",
    "ok 0 write [1 5]",
    'invoke 0 cas ["1" [5 6]]',
    'ok 0 cas ["1" [5 6]]',
    "invoke 0 read [1 nil]",
    "ok 0 read [1 5]",
  );
  assertEquals(keyed.map(({ key }) => key), ["1", '"1"', "1"]);
  assertEquals(check(register, keyed.filter(({ key }) => key === "1")).verdict, "linearizable");
  assertEquals(history("invoke 0 cas [1 2]", "ok 0 cas [1 2]").map(({ key }) => key), [undefined]);
});

Deno.test("parseJepsen() reads records, one vector of events, and comments", () => {
  const events = [edn("invoke 0 write 3"), edn("ok 0 write 3")];
  for (
    const text of [
      events.map((event) => `#jepsen.history.Op${event}`).join("\n"),
      `[${events.join("\n")}]`,
      `(${events.join(" ")})`,
      `; a comment\n${events.join(" ; one more\n")}`,
      events.join(" #_{:a 1}\n"),
      events.join("\r\n").replaceAll(", ", "\n"),
    ]
  ) assertEquals(parseJepsen(text).length, 1, text);
});

Deno.test("parseJepsen() keeps integers above 2^53 and values of other types apart", () => {
  const value = (text: string) => {
    const [write] = history(`invoke 0 write ${text}`);
    return (write as { value: unknown }).value;
  };
  const texts = ["9007199254740992", "9007199254740993", "1", "1.0", '"1"', ":a", '"a"', "[1]"];
  assertEquals(new Set(texts.map(value)).size, texts.length);
  assertEquals([value("5N"), value("+5"), value("-0")], [5, 5, 0]);
  assertEquals(value("9007199254740993"), "9007199254740993");
});

Deno.test("parseJepsen() reads a string of millions of escapes and a long chain of #_", () => {
  const escapes = '"' + "\\n".repeat(4_000_000) + '\\""';
  const [write] = history(`invoke 0 write ${escapes}`, "#_ ".repeat(10_000) + "1 ".repeat(10_000));
  assertEquals((write as { value: unknown }).value === escapes, true);
});

const MISTAKES: Record<string, string[]> = {
  "line 2: :f is :append; expected :read": ["invoke 0 read nil", "ok 0 append 1"],
  "line 1: :type is :done; expected": ["done 0 read nil"],
  "line 1: :process is missing": ["{:type :ok}"],
  "line 2: it is 7; expected a map": ["", "7"],
  "line 2: process 0 completes what it did not invoke": ["", "ok 0 read 1"],
  "line 2: process 0 invokes while its operation of line 1 is open": [
    "invoke 0 read nil",
    "invoke 0 read nil",
  ],
  "line 2: it completes :write, but line 1 invoked :read": ["invoke 0 read nil", "ok 0 write 1"],
  "line 1: :value of :cas is 5; expected a pair": ["invoke 0 cas 5"],
  "line 2: its key is 2, but line 1 invoked with 1": ["invoke 0 read [1 nil]", "ok 0 read [2 5]"],
  "line 2: what begins here does not end": ["", "{:type :ok, "],
  "line 1: what begins here does not end": ['{:type "\\"'],
  "line 3: what begins here does not end": ["", "", "#_ #_ 1"],
  'line 1: "]" closes nothing': ["]"],
  'line 2: ")" closes nothing': ["[{:a 1", ")]"],
  "line 2: a string has a wrong escape": ["invoke 0 write 1", '{:type "\\q"}'],
  "line 1: the map that ends here has a key without a value": ["{:type}"],
  "line 1: it is nested too deeply": ["[".repeat(100_000)],
};

for (const [message, lines] of Object.entries(MISTAKES)) {
  Deno.test(`parseJepsen() says in one line: ${message}`, () => {
    const error = assertThrows(() => history(...lines), HistoryFileError);
    assertEquals(error.message.slice(0, message.length), message);
  });
}
