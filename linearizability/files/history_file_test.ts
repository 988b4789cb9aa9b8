import { assertEquals, assertThrows } from "@std/assert";
import { formatHistory, HistoryFileError, type ModelName, parseHistory } from "./history_file.ts";

const GET = { client: 0, op: "get", key: "k", output: "", call: 1, return: 4 };
const CAS = { client: 0, op: "cas", value: [null, 1], output: true, call: 1, return: 4 };

function file(...operations: object[]): string {
  return JSON.stringify({ model: "kv", operations });
}

Deno.test("parseHistory() reads what formatHistory() wrote", () => {
  const kv = [
    GET,
    { client: 1, op: "put", key: "", value: '"</script>\u2028', call: -3, return: -3 },
    { client: 2, op: "append", key: "k", value: "x", call: 0, return: null },
    { ...GET, callMs: 0.5, returnMs: null, return: null },
  ];
  const register = [
    CAS,
    { client: 0, op: "read", output: null, call: 0, return: 9 },
    { client: 0, op: "write", key: "r", value: false, call: 0, return: null },
  ];
  for (const [model, operations] of [["kv", kv], ["register", register], ["kv", []]] as const) {
    const history = { model, operations };
    assertEquals(parseHistory(formatHistory(history)), history as never);
  }
});

Deno.test("parseHistory() ignores a byte order mark", () => {
  assertEquals(parseHistory(`\uFEFF${file(GET)}`).operations.length, 1);
});

Deno.test("parseHistory() reads JSON lines, with the model in the first line or in an option", () => {
  const lines = `${JSON.stringify(GET)}\n\n${JSON.stringify({ ...GET, call: 2 })}\n`;
  assertEquals(parseHistory(`{ "model": "kv" }\n${lines}`).operations.length, 2);
  assertEquals(parseHistory(lines, { model: "kv" }).operations.length, 2);
  assertEquals(parseHistory(JSON.stringify(GET), { model: "kv" }).operations.length, 1);
});

Deno.test("parseHistory() keeps the order of nanoseconds that only strings can hold", () => {
  const operations = [
    { ...GET, call: "1700000000000000001", return: "1700000000000000003" },
    { ...GET, call: "1700000000000000002", return: null },
    { ...GET, call: 5, return: "6" },
  ];
  const times = (...operations: object[]) =>
    parseHistory(file(...operations)).operations.map((
      { call, return: returned },
    ) => [call, returned]);
  assertEquals(times(...operations), [[2, 4], [3, null], [0, 1]]);
  assertEquals(times(operations[2]!, GET), [[5, 6], [1, 4]]);
});

Deno.test("parseHistory() keeps register values above 2^53 apart as strings", () => {
  const write = (value: string) =>
    `{ "client": 0, "op": "write", "value": ${value}, ` +
    `"call": 1, "return": 2 }\n`;
  const text = write('"9007199254740992"') + write('"9007199254740993"');
  assertEquals(parseHistory(text, { model: "register" }).operations.length, 2);
  for (const value of ["9007199254740993", "1e400", "-9007199254740992"]) {
    assertThrows(
      () => parseHistory(write("1") + write(value), { model: "register" }),
      HistoryFileError,
      'line 2, "value": it is ',
    );
  }
});

Deno.test("parseHistory() recognizes EDN by its first characters or by an option", () => {
  const event = "{:type :invoke, :process 0, :f :write, :value 3}";
  for (const text of [event, `[${event}]`, ` ; comment\n${event}`, `#jepsen.history.Op${event}`]) {
    assertEquals(parseHistory(text).model, "register");
  }
  assertEquals(parseHistory("", { isEdn: true }).operations, []);
  assertThrows(() => parseHistory(event, { model: "kv" }), HistoryFileError, 'but "kv" was asked');
});

/** Wrong fields of an operation by their messages. */
const WRONG_FIELDS: Record<string, Record<string, unknown>> = {
  '"call": it is "x"; expected a whole number of at most 9007199254740991': { call: "x" },
  '"call": it is 1.5; expected a whole number of at most 9007199254740991': { call: 1.5 },
  '"client": it is -1; expected a whole number from 0': { client: -1 },
  '"return": it is 0, before the call at 1': { return: 0 },
  '"return": it is "0", before the call at 1': { return: "0" },
  '"return": it is missing; expected a whole number of at most 9007199254740991, or a larger one as a string of digits, or null if it never returned':
    { return: undefined },
  '"op": it is "del"; expected "get", "put" or "append"': { op: "del" },
  '"value": it is missing; expected a string': { op: "put" },
  '"value": there is no such field here': { value: "x" },
  '"output": it is 7; expected a string': { output: 7 },
  '"key": it is ["xxx': { key: ["x".repeat(1e6)] },
  '"a\\n\\u009bb": there is no such field here': { "a\n\x9bb": 1 },
  '"xxx': { ["x".repeat(1e6)]: 1 },
};

const WRONG_FIELDS_OF_CAS: typeof WRONG_FIELDS = {
  '"value": it is [1]; expected a pair, [from, to]': { value: [1] },
  '"output": it is "yes"; expected true or false': { output: "yes" },
};

const LINE = JSON.stringify(GET);
const MISTAKES: [message: string, text: string, model?: ModelName][] = [
  ...Object.entries(WRONG_FIELDS).map(([message, fields]): [string, string] => {
    return [`operation 1, ${message}`, file(GET, { ...GET, ...fields })];
  }),
  ...Object.entries(WRONG_FIELDS_OF_CAS).map(([message, fields]): [string, string] => {
    const operations = [{ ...CAS, ...fields }];
    return [`operation 0, ${message}`, JSON.stringify({ model: "register", operations })];
  }),
  ["it is not JSON: ", "{"],
  ['it is []; expected { "model": …, "operations": […] }', "[]"],
  ['"operations": it is missing; expected a list', '{ "model": "kv" }'],
  ['it names no model; expected "model": "kv" or "register"', '{ "operations": [] }'],
  ['"model": it is "kw"; expected "kv" or "register"', '{ "model": "kw", "operations": [] }'],
  ['it is of the model "kv", but "register" was asked for', file(), "register"],
  ['operation 0: it is 7; expected { "client": … }', file(7 as never)],
  [
    'operation 0, "call": it is 9007199254740992; expected a whole number',
    file(GET).replace('"call":1', '"call":9007199254740993'),
  ],
  ["line 2: it is not JSON: ", `${LINE}\n{`, "kv"],
  [
    'line 3, "op": it is "\\u202e"; expected',
    `${LINE}\n\n${JSON.stringify({ ...GET, key: "\u202e", op: "\u202e" })}`,
    "kv",
  ],
];

for (const [message, text, model] of MISTAKES) {
  Deno.test(`parseHistory() says in one line: ${message}`, () => {
    const error = assertThrows(() => parseHistory(text, { model }), HistoryFileError);
    assertEquals(error.message.slice(0, message.length), message);
    assertEquals(error.message.includes("\n") || error.message.length > 200, false);
  });
}
