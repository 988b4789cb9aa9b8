import { assertEquals, assertThrows } from "@std/assert";
import { check } from "./check.ts";
import { HistoryFileError } from "./history_file_error.ts";
import { parseJepsen } from "./jepsen.ts";
import { register } from "./register.ts";

const line = (type: string, process: unknown, f: string, value: string, rest = "") => {
  return `{:type :${type}, :process ${process}, :f :${f}, :value ${value}${rest}}`;
};
const history = (...lines: string[]) => parseJepsen(lines.join("\n"));

Deno.test("parseJepsen() joins invocations and completions and skips the nemesis", () => {
  const operations = history(
    line("invoke", 0, "write", "3", ", :time 1000000, :index 0"),
    line("info", ":nemesis", "start", ":anything", ', :error [:a #{1 2} "}"]'),
    line("invoke", 1, "read", "nil"),
    line("ok", 1, "read", "3"),
    line("ok", 0, "write", "3", ", :time 3000000"),
    line("invoke", 1, "cas", "[3 4]"),
    line("ok", 1, "cas", "[3 4]"),
  );
  assertEquals<unknown>(operations, [
    { client: 0, op: "write", value: 3, call: 0, return: 4, callMs: 1, returnMs: 3 },
    { client: 1, op: "read", output: 3, call: 2, return: 3 },
    { client: 1, op: "cas", value: [3, 4], output: true, call: 5, return: 6 },
  ]);
});

Deno.test("parseJepsen() keeps crashed processes open and leaves failed operations out", () => {
  const operations = history(
    line("invoke", 0, "write", "1"),
    line("info", 0, "write", "1", ", :error :timeout"),
    line("invoke", 1, "cas", "[1 2]"),
    line("fail", 1, "cas", "[1 2]"),
    line("invoke", 5, "write", "7"),
  );
  assertEquals(operations.map(({ op, return: returned }) => [op, returned]), [
    ["write", null],
    ["write", null],
  ]);
});

Deno.test("parseJepsen() takes independent keys from tuples, not from the pair of a cas", () => {
  const keyed = history(
    line("invoke", 0, "write", "[1 5]"),
    line("ok", 0, "write", "[1 5]"),
    line("invoke", 0, "cas", '["1" [5 6]]'),
    line("ok", 0, "cas", '["1" [5 6]]'),
    line("invoke", 0, "read", "[1 nil]"),
    line("ok", 0, "read", "[1 5]"),
  );
  assertEquals(keyed.map(({ key }) => key), ["1", '"1"', "1"]);
  assertEquals(check(register, keyed.filter(({ key }) => key === "1")).verdict, "linearizable");
  const plain = history(line("invoke", 0, "cas", "[1 2]"), line("ok", 0, "cas", "[1 2]"));
  assertEquals(plain.map(({ key }) => key), [undefined]);
});

Deno.test("parseJepsen() reads records, one vector of events, and comments", () => {
  const events = [line("invoke", 0, "write", "3"), line("ok", 0, "write", "3")];
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
    const [write] = history(line("invoke", 0, "write", text));
    return (write as { value: unknown }).value;
  };
  const texts = ["9007199254740992", "9007199254740993", "1", "1.0", '"1"', ":a", '"a"', "[1]"];
  assertEquals(new Set(texts.map(value)).size, texts.length);
  assertEquals([value("5N"), value("+5"), value("-0")], [5, 5, 0]);
  assertEquals(value("9007199254740993"), "9007199254740993");
});

const MISTAKES: [message: string, ...lines: string[]][] = [
  [
    "line 2: :f is :append; expected :read",
    line("invoke", 0, "read", "nil"),
    line("ok", 0, "append", "1"),
  ],
  ["line 1: :type is :done; expected", line("done", 0, "read", "nil")],
  ["line 1: :process is missing", "{:type :ok}"],
  ["line 2: it is 7; expected a map", "", "7"],
  ["line 2: process 0 completes what it did not invoke", "", line("ok", 0, "read", "1")],
  [
    "line 2: process 0 invokes while its operation of line 1 is open",
    line("invoke", 0, "read", "nil"),
    line("invoke", 0, "read", "nil"),
  ],
  [
    "line 2: it completes :write, but line 1 invoked :read",
    line("invoke", 0, "read", "nil"),
    line("ok", 0, "write", "1"),
  ],
  ["line 1: :value of :cas is 5; expected a pair", line("invoke", 0, "cas", "5")],
  [
    "line 2: its key is 2, but line 1 invoked with 1",
    line("invoke", 0, "read", "[1 nil]"),
    line("ok", 0, "read", "[2 5]"),
  ],
  ["line 2: what begins here does not end", "", "{:type :ok, "],
  ["line 1: what begins here does not end", '{:type "'],
  ["line 1: it is not EDN", "]"],
  ["line 2: it is not EDN", line("invoke", 0, "write", "1"), '{:type "\\q"}'],
  ['line 1: a ")" closes nothing', ")"],
];

for (const [message, ...lines] of MISTAKES) {
  Deno.test(`parseJepsen() says in one line: ${message}`, () => {
    const error = assertThrows(() => history(...lines), HistoryFileError);
    assertEquals(error.message.slice(0, message.length), message);
  });
}
