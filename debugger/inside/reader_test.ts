import { assert, assertEquals } from "@std/assert";
import { read, STEP_LIMITS, valueAt } from "./reader.ts";

class Store {
  entries = new Map<string, unknown>([["k", { seq: 1 }]]);
  tags = new Set(["a"]);
  list = [1, null, undefined];
}

Deno.test("read() shows maps, sets, lists and objects of classes as they are", () => {
  const text = (type: string, text: string) => ({ is: "text", type, text });
  assertEquals(read(new Store(), STEP_LIMITS) as unknown, {
    is: "object",
    type: "Store",
    size: 3,
    members: [
      {
        name: "entries",
        value: {
          is: "map",
          type: "Map",
          size: 1,
          members: [{
            key: text("string", '"k"'),
            value: {
              is: "object",
              type: "Object",
              size: 1,
              members: [{ name: "seq", value: text("number", "1") }],
            },
          }],
        },
      },
      {
        name: "tags",
        value: { is: "set", type: "Set", size: 1, members: [{ value: text("string", '"a"') }] },
      },
      {
        name: "list",
        value: {
          is: "list",
          type: "Array",
          size: 3,
          members: [
            { name: "0", value: text("number", "1") },
            { name: "1", value: text("nothing", "null") },
            { name: "2", value: text("nothing", "undefined") },
          ],
        },
      },
    ],
  });
});

Deno.test("read() shares what did not change with the reading before", () => {
  const store = new Store();
  const before = read(store, STEP_LIMITS);
  assert(read(store, STEP_LIMITS, before) === before);
  store.tags.add("b");
  const after = read(store, STEP_LIMITS, before);
  assert(before.is === "object" && after.is === "object");
  assert(after.members[0] === before.members[0]);
  assertEquals(
    [before.members[1]!.value, after.members[1]!.value].map((shown) => {
      return shown.is === "set" && shown.size;
    }),
    [1, 2],
  );
});

Deno.test("read() runs no code of the objects that it reads", () => {
  const fail = () => {
    throw new Error("The reader ran this");
  };
  const hostile = {
    get field() {
      return fail();
    },
    toString: fail,
    toJSON: fail,
    proxy: new Proxy({}, { get: fail, ownKeys: fail, getPrototypeOf: fail }),
    map: Object.assign(new Map([["k", 1]]), { entries: fail, [Symbol.iterator]: fail }),
    date: Object.assign(new Date(0), { toISOString: fail }),
  };
  const texts = JSON.stringify(read(hostile, STEP_LIMITS));
  for (const shown of ["(getter)", "Proxy", "1970-01-01T00:00:00.000Z"]) {
    assert(texts.includes(shown), shown);
  }
});

Deno.test("read() ends at its limits, and with objects that hold themselves", () => {
  const ring: Record<string, unknown> = { text: "x".repeat(1000) };
  ring.self = ring;
  ring.many = Array(1000).fill(7);
  const shown = read(ring, { ...STEP_LIMITS, members: 10, text: 20 });
  assert(shown.is === "object");
  const [text, self, many] = shown.members.map(({ value }) => value);
  assertEquals(text, {
    is: "text",
    type: "string",
    text: `"${"x".repeat(10)}" … "${"x".repeat(10)}"`,
    length: 1000,
  });
  assertEquals(self?.is === "text" && self.text, "(the same as one around it)");
  assert(many?.is === "list");
  assertEquals([many.size, many.members.length], [1000, 10]);
});

Deno.test("valueAt() finds what a path leads to", () => {
  const store = new Store();
  assert(valueAt(store, [0, 0]) === store.entries.get("k"));
  assertEquals(valueAt(store, [2, 0]), 1);
  assertEquals(valueAt(store, [7, 7]), undefined);
});
