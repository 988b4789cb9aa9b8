import { assertEquals, assertThrows } from "@std/assert";
import { formatHistory, HistoryFileError, type ModelName, parseHistory } from "./history_file.ts";

const GET = { client: 0, op: "get", key: "k", output: "", call: 1, return: 4 };
const CAS = { client: 0, op: "cas", value: [null, 1], output: true, call: 1, return: 4 };

function file(...operations: object[]): string {
  return JSON.stringify({ model: "kv", operations });
}

Deno.test("parseHistory() gives back what formatHistory() wrote", () => {
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

Deno.test("parseHistory() takes no notice of a byte order mark", () => {
  assertEquals(parseHistory(`\uFEFF${file(GET)}`).operations.length, 1);
});

Deno.test("parseHistory() takes the model from its caller, when the file names none", () => {
  assertEquals(parseHistory('{ "operations": [] }', "register").model, "register");
});

const MISTAKES: [text: string, message: string, model?: ModelName][] = [
  ["{", "it is not JSON: "],
  ["[]", 'it is []; expected { "model": …, "operations": […] }'],
  ['{ "model": "kv" }', '"operations": it is missing; expected a list'],
  ['{ "operations": [] }', 'it names no model; expected "model": "kv" or "register"'],
  ['{ "model": "kw", "operations": [] }', '"model": it is "kw"; expected "kv" or "register"'],
  [file(), 'it is of the model "kv", but "register" was asked for', "register"],
  [
    file(GET, { ...GET, call: "x" }),
    'operation 1, "call": it is "x"; expected a whole number of at most 9007199254740991',
  ],
  [
    file({ ...GET, call: 1.5 }),
    'operation 0, "call": it is 1.5; expected a whole number of at most 9007199254740991',
  ],
  [file({ ...GET, client: -1 }), 'operation 0, "client": it is -1; expected a whole number from 0'],
  [file({ ...GET, return: 0 }), 'operation 0, "return": it is 0, before the call at 1'],
  [
    file({ ...GET, return: undefined }),
    'operation 0, "return": it is missing; expected a whole number of at most 9007199254740991, or null if it never returned',
  ],
  [
    file({ ...GET, op: "del" }),
    'operation 0, "op": it is "del"; expected "get", "put" or "append"',
  ],
  [file({ ...GET, op: "put" }), 'operation 0, "value": it is missing; expected a string'],
  [file({ ...GET, value: "x" }), 'operation 0, "value": there is no such field here'],
  [file({ ...GET, output: 7 }), 'operation 0, "output": it is 7; expected a string'],
  [file(7 as never), 'operation 0: it is 7; expected { "client": … }'],
  [
    JSON.stringify({ model: "register", operations: [{ ...CAS, value: [1] }] }),
    'operation 0, "value": it is [1]; expected a pair, [from, to]',
  ],
  [
    JSON.stringify({ model: "register", operations: [{ ...CAS, output: "yes" }] }),
    'operation 0, "output": it is "yes"; expected true or false',
  ],
  [file({ ...GET, key: ["x".repeat(1e6)] }), 'operation 0, "key": it is ["xxx'],
  [
    file({ ...GET, "a\n\x9bb": 1 } as never),
    'operation 0, "a\\n\\u009bb": there is no such field here',
  ],
  [file({ ...GET, ["x".repeat(1e6)]: 1 } as never), 'operation 0, "xxx'],
];

for (const [text, message, model] of MISTAKES) {
  Deno.test(`parseHistory() says in one line: ${message}`, () => {
    const error = assertThrows(() => parseHistory(text, model), HistoryFileError);
    assertEquals(error.message.slice(0, message.length), message);
    assertEquals(error.message.includes("\n") || error.message.length > 200, false);
  });
}
