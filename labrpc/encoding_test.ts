import {
  assert,
  assertEquals,
  assertNotStrictEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { encode, EncodingError } from "./encoding.ts";
import { Random } from "../sim/random.ts";

/** The size of a message on the wire, by its definition. */
function jsonBytes(message: unknown): number {
  return new TextEncoder().encode(JSON.stringify(message)).length;
}

/** The receiver gets what JSON would give it, and the size is that of the JSON. */
function assertArrivesAsJson(message: unknown): void {
  const { value, bytes } = encode(message);
  assertEquals(JSON.stringify(value), JSON.stringify(message));
  assertEquals(value, JSON.parse(JSON.stringify(message)));
  assertEquals(bytes, jsonBytes(message), `the size of ${JSON.stringify(message)}`);
}

/** A text of units that a shortcut could get wrong. */
function randomText(random: Random): string {
  const units = 'a~ 0é€\u007f\u0000\u001f\u2028"\\/\n\t\ud83d\ude00\ud800\udc00';
  const plain = random.chance(0.7);
  const length = random.chance(0.2) ? 40 + random.integerBelow(20) : random.integerBelow(8);
  return Array.from({ length }, () => {
    return plain ? "x" : units[random.integerBelow(units.length)];
  }).join("");
}

function randomNumber(random: Random): number {
  const numbers = [0, -0, 1, -1, 0.1, 1e21, 1e-7, -1.5e300, 2 ** 53, random.next(), random.bits()];
  return numbers[random.integerBelow(numbers.length)]!;
}

/** Plain data of any shape, up to some depth. */
function randomPlain(random: Random, depthMax: number): unknown {
  const plain = () => randomPlain(random, depthMax - 1);
  const length = random.integerBelow(5);
  switch (random.integerBelow(depthMax > 0 ? 6 : 4)) {
    case 0:
      return randomText(random);
    case 1:
      return randomNumber(random);
    case 2:
      return random.chance(0.5);
    case 3:
      return null;
    case 4:
      return Array.from({ length }, plain);
    default:
      return Object.fromEntries(Array.from({ length }, () => {
        return [randomText(random), random.chance(0.1) ? undefined : plain()];
      }));
  }
}

/** Every array and object within a value, itself included. */
function containers(value: unknown): object[] {
  if (typeof value !== "object" || value === null) return [];
  return [value, ...Object.values(value).flatMap(containers)];
}

const TEXTS = [
  "",
  "plain",
  "~ }|{ \x7f",
  'quotes " and \\ backslashes \\" and / slashes',
  "\b\t\n\v\f\r\0\x01\x1f",
  "é ü ß Ж \u07ff \u0800 € \uffff",
  "\u2028\u2029",
  "😀 👩‍🚀",
  "\ud800",
  "\udc00\ud800",
  "a\udfffb",
  ...[47, 48, 49, 50, 1000].flatMap((length) => {
    return ["x", "é", '"', "\n", "\ud83d"].map((unit) => "x".repeat(length - 1) + unit);
  }),
];

const NUMBERS = [0, 1, -1, 0.1, -1e21, 1e-7, 123456789.125, Number.MAX_VALUE, 5e-324];

const CONTAINERS: unknown[] = [
  [],
  {},
  [[]],
  [{}],
  { a: [] },
  [1, [2, [3, [4]]], 5],
  { a: 1, b: { c: [{ d: "x" }, null], e: {} }, f: [[], [[]]] },
  { 10: "a", 9: "b", z: 0, constructor: 1, toString: 2, hasOwnProperty: 3 },
];

Deno.test("encode() gives what JSON would give, and the size of the JSON text", () => {
  for (const value of [...TEXTS, ...NUMBERS, true, false, null, ...CONTAINERS]) {
    assertArrivesAsJson(value);
    assertArrivesAsJson([value, value]);
    assertArrivesAsJson({ [typeof value === "string" ? value : "field"]: value });
  }
  const random = new Random(21);
  for (let i = 0; i < 3000; i++) assertArrivesAsJson(randomPlain(random, 5));
});

Deno.test("encode() arrives as 0 when -0 is sent", () => {
  const { value, bytes } = encode(-0);
  assert(Object.is(value, 0));
  assertEquals(bytes, 1);
});

Deno.test("encode() leaves fields out when they are undefined", () => {
  assertArrivesAsJson({ a: undefined });
  assertArrivesAsJson({ a: undefined, b: 1, c: undefined, d: 2, e: undefined });
  const { value } = encode({ a: undefined, b: 1 });
  assertEquals(Object.keys(value as object), ["b"]);
});

Deno.test("encode() gives an ordinary object when a null-prototype object is sent", () => {
  const message = Object.assign(Object.create(null), { a: 1, b: Object.create(null) });
  assertArrivesAsJson(message);
  assert(Object.getPrototypeOf(encode(message).value) === Object.prototype);
});

Deno.test("encode() shares nothing with its input when containers are nested", () => {
  const message = { a: [{ b: {} }, [[]]], c: Object.create(null) };
  const { value } = encode(message);
  const inputs = new Set(containers(message));
  const outputs = containers(value);
  assertEquals(outputs.length, inputs.size);
  assert(outputs.every((output) => !inputs.has(output)));
});

Deno.test("encode() makes two copies when the same object is at two places", () => {
  const shared = { x: [1] };
  const message = { a: shared, b: [shared, shared.x] };
  assertArrivesAsJson(message);
  const copies = containers(encode(message).value);
  assertEquals(new Set(copies).size, copies.length);
});

Deno.test("encode() leaves its input alone when it is frozen", () => {
  const message = Object.freeze({ a: Object.freeze([Object.freeze({ b: 1 })]) });
  assertArrivesAsJson(message);
});

class Point {
  x = 1;
}
const loop: Record<string, unknown> = { inner: { list: [] } };
(loop.inner as { list: unknown[] }).list.push(loop);
const selfish: unknown[] = [];
selfish.push(selfish);

/** An array in an array in an array. */
function nested(depth: number): unknown[] {
  let array: unknown[] = [];
  for (let i = 1; i < depth; i++) array = [array];
  return array;
}

const REFUSED: [what: string, message: unknown, path: string, problem: string][] = [
  ["NaN", { a: NaN }, "a", "is NaN; only finite numbers can be sent"],
  ["Infinity", [1, Infinity], "[1]", "is Infinity; only finite numbers can be sent"],
  ["-Infinity", -Infinity, "", "is -Infinity; only finite numbers can be sent"],
  ["a bigint", { id: 1n }, "id", "is a bigint; only plain data can be sent"],
  [
    "a function",
    { ops: [{ run() {} }] },
    "ops[0].run",
    "is a function; only plain data can be sent",
  ],
  ["a symbol", [[Symbol("s")]], "[0][0]", "is a symbol; only plain data can be sent"],
  [
    "a Date",
    { a: 1, when: new Date(0) },
    "when",
    "is an instance of Date; only plain data can be sent",
  ],
  ["a Map", { seen: new Map() }, "seen", "is an instance of Map; only plain data can be sent"],
  [
    "a class instance",
    { ops: [{}, {}, { key: new Point() }] },
    "ops[2].key",
    "is an instance of Point; only plain data can be sent",
  ],
  [
    "an instance of a class without a name",
    new (class {})(),
    "",
    "is an instance of a class; only plain data can be sent",
  ],
  ["a Promise", { value: Promise.resolve("") }, "value", "is a Promise; await it first"],
  [
    "an instance of a subclass of Array",
    { list: new (class List extends Array {})() },
    "list",
    "is an instance of List; only plain data can be sent",
  ],
  ["endless nesting", nested(10_000), "[0]".repeat(200), "is nested more than 200 deep"],
  ["a cycle", loop, "inner.list[0]", "contains itself; send a copy without that reference"],
  [
    "an array in itself",
    { selfish },
    "selfish[0]",
    "contains itself; send a copy without that reference",
  ],
  [
    "undefined in an array",
    { list: [1, undefined] },
    "list[1]",
    "is undefined, which cannot be sent; use null",
  ],
  ["a hole in an array", [, 1], "[0]", "is undefined, which cannot be sent; use null"],
  ["undefined", undefined, "", "is undefined, which cannot be sent; use null"],
  [
    'a field named "__proto__"',
    JSON.parse('{ "a": { "__proto__": { "admin": true } } }'),
    "a.__proto__",
    "is not a name that a field can have",
  ],
];

Deno.test("encode() throws an EncodingError that says where for all that JSON would change", () => {
  for (const [what, message, path, problem] of REFUSED) {
    const error = assertThrows(() => encode(message), EncodingError);
    assertEquals([error.path, error.problem], [path, problem], what);
    assertStringIncludes(error.message, path === "" ? problem : `"${path}" ${problem}`);
  }
});

Deno.test("encode() starts afresh when the message before was refused", () => {
  assertThrows(() => encode({ a: [1, NaN] }), EncodingError);
  const error = assertThrows(() => encode([NaN]), EncodingError);
  assertEquals(error.path, "[0]");
  assertEquals(encode({ a: 1 }), encode({ a: 1 }));
});

Deno.test("encode() gives the same content hash when the data is the same", () => {
  const message = { a: [1, "x", null, true], b: { c: "x".repeat(100) } };
  assertEquals(encode(message).content, encode(structuredClone(message)).content);
});

Deno.test("encode() gives another content hash when a value or a key differs", () => {
  const messages = [
    { key: "a", value: "1", id: 1 },
    { key: "b", value: "1", id: 1 },
    { key: "a", value: "2", id: 1 },
    { key: "a", value: "1", id: 2 },
    { key: "a", value: 1, id: 1 },
    { key: "a", value: "1", ID: 1 },
    { key: "a", value: "", id: 1 },
    { key: "a", value: null, id: 1 },
    { key: "a", value: true, id: 1 },
    { key: "a", value: "true", id: 1 },
    { key: "a", value: "x".repeat(200), id: 1 },
    { key: "a", value: "x".repeat(199) + "y", id: 1 },
  ];
  const contents = new Set(messages.map((message) => encode(message).content));
  assertEquals(contents.size, messages.length);
});

Deno.test("encode() gives another content hash when only the structure differs", () => {
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
