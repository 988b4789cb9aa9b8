import { assert, assertEquals, assertNotStrictEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { encode, MessageError } from "./encoding.ts";

/** Checks that the result is that of JSON, as is the size, and that equal data has equal hashes. */
function assertArrivesAsJson(message: unknown): void {
  const { value, bytes, content } = encode(message);
  assertEquals(encode(structuredClone(message)).content, content);
  for (const each of containers(value)) {
    assert([Object.prototype, Array.prototype].includes(Object.getPrototypeOf(each)));
  }
  const text = JSON.stringify(message);
  assertEquals(JSON.stringify(value), text);
  assertEquals(value, JSON.parse(text));
  assertEquals(bytes, new TextEncoder().encode(text).length, `the size of ${text}`);
}

/** Any code point. fast-check's own takes a second to build. */
const CODE_POINT = fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code));

/** Short and long texts with code units that a shortcut could get wrong. */
const TEXT = fc.oneof(
  fc.string({ unit: CODE_POINT, maxLength: 200 }),
  fc.string({ unit: fc.constantFrom(...'xé"\\/\n\t\0\u007f\u2028\ud83d\udc00'), maxLength: 60 }),
);

const NUMBER = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, -0, 0.1, 1e21, 1e-7, 2 ** 53),
);

/** Plain data of any shape. */
const PLAIN_DATA = fc.anything({
  key: TEXT.filter((key) => key !== "__proto__"),
  values: [TEXT, NUMBER, fc.boolean(), fc.constant(null)],
  maxDepth: 4,
  withNullPrototype: true,
});

/** Returns every array and object within a value, itself included. */
function containers(value: unknown): object[] {
  if (typeof value !== "object" || value === null) return [];
  return [value, ...Object.values(value).flatMap(containers)];
}

Deno.test("encode() returns what JSON would return, and the size of the JSON text", () => {
  for (const each of [Object.freeze({ a: Object.freeze([1]) }), { 10: "a", 9: "b", toString: 2 }]) {
    assertArrivesAsJson(each);
  }
  for (const length of [127, 128, 129, 1000]) {
    for (const unit of ["x", "é", '"', "\ud83d"]) {
      assertArrivesAsJson(["x".repeat(length - 1) + unit, "b"]);
    }
  }
  fc.assert(fc.property(PLAIN_DATA, assertArrivesAsJson), { seed: 21, numRuns: 1000 });
});

Deno.test("encode() leaves out fields that are undefined", () => {
  const message = { a: undefined, b: 1, c: undefined, d: { e: undefined } };
  assertArrivesAsJson(message);
  assertEquals(Object.keys(encode(message).value as object), ["b", "d"]);
});

Deno.test("encode() shares nothing with its input, and nothing within its output", () => {
  const shared = { x: [1, {}] };
  const message = { a: shared, b: [shared, shared.x], c: Object.create(null) };
  const inputs = new Set(containers(message));
  const outputs = containers(encode(message).value);
  assertEquals(new Set(outputs).size, outputs.length);
  assert(outputs.every((output) => !inputs.has(output)));
});

class Point {
  x = 1;
}
const loop: Record<string, unknown> = { inner: { list: [] } };
(loop.inner as { list: unknown[] }).list.push(loop);
const selfish: unknown[] = [];
selfish.push(selfish);

/** Makes nested arrays. */
function nested(depth: number): unknown[] {
  let array: unknown[] = [];
  for (let i = 1; i < depth; i++) array = [array];
  return array;
}

const PLAIN = "only plain data can be sent";

const REFUSED: [message: unknown, path: string, problem: string][] = [
  [{ a: NaN }, "a", "is NaN; only finite numbers can be sent"],
  [-Infinity, "", "is -Infinity; only finite numbers can be sent"],
  [{ id: 1n }, "id", `is a bigint; ${PLAIN}`],
  [{ ops: [{ run() {} }] }, "ops[0].run", `is a function; ${PLAIN}`],
  [[[Symbol("s")]], "[0][0]", `is a symbol; ${PLAIN}`],
  [{ a: 1, when: new Date(0) }, "when", `is an instance of Date; ${PLAIN}`],
  [{ seen: new Map() }, "seen", `is an instance of Map; ${PLAIN}`],
  [{ ops: [{}, {}, { key: new Point() }] }, "ops[2].key", `is an instance of Point; ${PLAIN}`],
  [new (class {})(), "", `is an instance of a class; ${PLAIN}`],
  [{ list: new (class List extends Array {})() }, "list", `is an instance of List; ${PLAIN}`],
  [{ value: Promise.resolve("") }, "value", "is a Promise; await it first"],
  [nested(10_000), "[0]".repeat(200), "is nested more than 200 deep"],
  [loop, "inner.list[0]", "contains itself; send a copy without that reference"],
  [{ selfish }, "selfish[0]", "contains itself; send a copy without that reference"],
  [{ list: [1, undefined] }, "list[1]", "is undefined, which cannot be sent; use null"],
  [[, 1], "[0]", "is undefined, which cannot be sent; use null"],
  [undefined, "", "is undefined, which cannot be sent; use null"],
  [
    JSON.parse('{ "a": { "__proto__": {} } }'),
    "a.__proto__",
    "is not a valid field name",
  ],
];

Deno.test("encode() refuses every value that JSON would change, and says where it is", () => {
  for (const [message, path, problem] of REFUSED) {
    const error = assertThrows(() => encode(message), MessageError);
    const place = path === "" ? "it" : `the field "${path}"`;
    assertEquals(error.message, `${place} ${problem}`);
  }
});

Deno.test("encode() gives a different content hash when a value or a key differs", () => {
  const message = { key: "a", value: "1", id: 1 };
  const [long, other] = ["x".repeat(200), "x".repeat(199) + "y"];
  const messages = [
    ...[message, { ...message, key: "b" }, { ...message, id: 2 }, { key: "a", value: "1", ID: 1 }],
    ...["2", 1, "", null, true, "true", long, other].map((value) => ({ ...message, value })),
  ];
  const contents = new Set(messages.map((each) => encode(each).content));
  assertEquals(contents.size, messages.length);
});

Deno.test("encode() gives a different content hash when only the structure differs", () => {
  const pairs: [unknown, unknown][] = [
    [{ a: { b: 1 }, c: 2 }, { a: { b: 1, c: 2 } }],
    [{ a: { b: {} }, c: 2 }, { a: { b: { c: 2 } } }],
    [[[1], 2], [[1, 2]]],
    [[[], []], [[[]]]],
    [[{ a: 1 }, { b: 2 }], [{ a: 1, b: 2 }, {}]],
    [["ab", "c"], ["a", "bc"]],
    [{ a: {} }, { a: [] }],
    [{}, []],
    [["a", "b"], { a: "b" }],
    [["", "x"], ["x", ""]],
    [{ a: "" }, { a: {} }],
    [{ "": "a" }, { a: "" }],
  ];
  for (const [one, other] of pairs) {
    const what = `${JSON.stringify(one)} and ${JSON.stringify(other)}`;
    assertNotStrictEquals(encode(one).content, encode(other).content, what);
  }
});
