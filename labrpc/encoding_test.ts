import { assert, assertEquals, assertNotStrictEquals, assertThrows } from "@std/assert";
import { encode, MessageError } from "./encoding.ts";
import { Random } from "../sim/random.ts";

/** The receiver gets what JSON would give it, and the size is that of the JSON. */
function assertArrivesAsJson(message: unknown): void {
  const { value, bytes } = encode(message);
  const text = JSON.stringify(message);
  assertEquals(JSON.stringify(value), text);
  assertEquals(value, JSON.parse(text));
  assertEquals(bytes, new TextEncoder().encode(text).length, `the size of ${text}`);
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
  ...["", "~ }|{ \x7f", 'quotes " and \\ backslashes \\" and / slashes', "\b\t\n\v\f\r\0\x01\x1f"],
  ...[
    "é ü ß Ж \u07ff \u0800 € \uffff",
    "\u2028\u2029",
    "😀 👩‍🚀",
    "\ud800",
    "\udc00\ud800",
    "a\udfffb",
  ],
  ...[47, 48, 49, 50, 1000].flatMap((length) => {
    return ["x", "é", '"', "\n", "\ud83d"].map((unit) => "x".repeat(length - 1) + unit);
  }),
];

const NUMBERS = [0, 1, -1, 0.1, -1e21, 1e-7, 123456789.125, Number.MAX_VALUE, 5e-324];

const CONTAINERS: unknown[] = [
  { a: 1, b: { c: [{ d: "x" }, null], e: {} }, f: [[], [[]], 5] },
  { 10: "a", 9: "b", z: 0, constructor: 1, toString: 2, hasOwnProperty: 3 },
  { a: undefined },
  { a: undefined, b: 1, c: undefined, d: 2, e: undefined },
  Object.freeze({ a: Object.freeze([Object.freeze({ b: 1 })]) }),
];

Deno.test("encode() gives what JSON would give, and the size of the JSON text", () => {
  for (const value of [...TEXTS, ...NUMBERS, true, false, null, ...CONTAINERS]) {
    assertArrivesAsJson(value);
    assertArrivesAsJson([value, value]);
    assertArrivesAsJson({ [typeof value === "string" ? value : "field"]: value });
  }
  const random = new Random(21);
  for (let i = 0; i < 3000; i++) assertArrivesAsJson(randomPlain(random, 5));
  assertEquals(Object.keys(encode({ a: undefined, b: 1 }).value as object), ["b"]);
  const { value, bytes } = encode(-0);
  assert(Object.is(value, 0) && bytes === 1);
});

Deno.test("encode() gives an ordinary object when a null-prototype object is sent", () => {
  const message = Object.assign(Object.create(null), { a: 1, b: Object.create(null) });
  assertArrivesAsJson(message);
  assert(Object.getPrototypeOf(encode(message).value) === Object.prototype);
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

/** An array in an array in an array. */
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
    "is not a name that a field can have",
  ],
];

Deno.test("encode() throws a MessageError that says where for all that JSON would change", () => {
  for (const [message, path, problem] of REFUSED) {
    const error = assertThrows(() => encode(message), MessageError);
    const place = path === "" ? "it" : `the field "${path}"`;
    assertEquals(error.message, `${place} ${problem}`);
  }
});

Deno.test("encode() starts afresh when the message before was refused", () => {
  assertThrows(() => encode({ a: [1, NaN] }), MessageError);
  const error = assertThrows(() => encode([NaN]), MessageError);
  assertEquals(error.message, 'the field "[0]" is NaN; only finite numbers can be sent');
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
