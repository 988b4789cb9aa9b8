/**
 * The models of a queue, a set, a counter and a mutex agree with an exact search on random
 * histories: with all that they offer and with `init` and `step` alone.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import type { Random } from "../sim/random.ts";
import { check } from "./check.ts";
import { counter } from "./counter.ts";
import { assertAgreement } from "./exact_fixture.ts";
import { kv } from "./kv.ts";
import { describeOperation, type Model, type Timed } from "./model.ts";
import { mutex } from "./mutex.ts";
import { queue, type QueueOperation } from "./queue.ts";
import { type Draft, pick, runClients, spoil } from "./random_histories_fixture.ts";
import { set, type SetOperation } from "./set.ts";

/** An object that operations are drawn for and happen to. */
interface Target {
  /** @param client The client that calls. */
  draw(random: Random, client: number): Pick<Draft, "op" | "value">;
  /** Executes an operation and returns its result. */
  execute(operation: Draft): unknown;
}

/** Holds a model to an exact search of the plain object.
 *
 * @param plain The object with nothing but `init` and `step`.
 * @param start Makes a new object. */
function testModel<Op extends Timed, State>(
  model: Model<Op, State>,
  start: () => Target,
  { init, step, ...rest }: Model<Op, unknown> = model as never,
): void {
  const make = (random: Random) => {
    const target = start();
    const shape = {
      size: 1 + random.integerBelow(9),
      clients: 1 + random.integerBelow(4),
      pending: 0.1,
    };
    const history = runClients(random, shape, (client) => target.draw(random, client), (draft) => {
      const output = target.execute(draft);
      if (output !== undefined && !random.chance(0.1)) draft.output = output;
    });
    return spoil(random, spoil(random, history)) as unknown as Op[];
  };
  const bare = { init, step, ...rest.key && { key: rest.key } };
  Deno.test(`check() agrees with an exact search on a ${model.name}`, () => {
    assertAgreement(model, make, { runs: 600, plain: { init, step }, variants: [bare] });
  });
}

testModel(queue, () => {
  const state: unknown[] = [];
  return {
    draw: (random) => {
      if (random.chance(0.5)) return { op: "dequeue" };
      return { op: "enqueue", value: random.integerBelow(3) };
    },
    execute({ op, value }) {
      if (op === "dequeue") return state.shift() ?? null;
      return void state.push(value);
    },
  };
});

/** A whole set, where the model has a member. */
const wholeSet: Model<SetOperation, unknown> = {
  init: "[]",
  step(state, { op, value, output, return: returned }) {
    const members = new Set(JSON.parse(state as string));
    const had = members.has(value);
    const result = op === "add" ? !had : had;
    if (returned !== null && output !== undefined && output !== result) return undefined;
    if (op === "add") members.add(value);
    if (op === "remove") members.delete(value);
    return JSON.stringify([...members].sort());
  },
};

testModel(set, () => {
  const state = new Set<unknown>();
  return {
    draw: (random) => ({
      op: pick(random, ["add", "remove", "has"]),
      value: random.integerBelow(3),
    }),
    execute({ op, value }) {
      const had = state.has(value);
      if (op === "add") state.add(value);
      if (op === "remove") state.delete(value);
      return op === "add" ? !had : had;
    },
  };
}, wholeSet);

testModel(counter, () => {
  let state = 0;
  return {
    draw: (random) => {
      return random.chance(0.4) ? { op: "read" } : { op: "add", value: random.integerBelow(4) - 1 };
    },
    execute({ value = 0 }) {
      const found = state;
      state += value as number;
      return found;
    },
  };
});

testModel(mutex, () => {
  let holder: number | null = null;
  return {
    draw: (random, client) => {
      return { op: holder === client && random.chance(0.8) ? "release" : "acquire" };
    },
    execute({ op, client }) {
      const [from, to] = op === "acquire" ? [null, client] : [client, null];
      const succeeds = holder === from;
      if (succeeds) holder = to;
      return succeeds;
    },
  };
});

Deno.test("check() compares states that are objects by their key", () => {
  // Eight equal values at once: 2^8 sets of them that are placed, but 8! orders.
  const operations: QueueOperation[] = Array.from({ length: 8 }, (_, i) => {
    return { client: i, op: "enqueue", value: "x", call: 0, return: 1 };
  });
  operations.push({ client: 8, op: "dequeue", output: "y", call: 2, return: 3 });
  const limits = { configurationsMax: 300 };
  assertEquals(check(queue, operations, limits).verdict, "not linearizable");
  const { init, step } = queue;
  assertEquals(
    check<QueueOperation, unknown>({ init, step } as never, operations, limits).verdict,
    "inconclusive",
  );
});

Deno.test("describeOperation() falls back on JSON without client and times", () => {
  const get = { client: 0, op: "get", key: "k", call: 1, return: 2 } as const;
  assertEquals(describeOperation(kv, get), 'get("k")');
  assertEquals(describeOperation({}, get), '{"op":"get","key":"k"}');
});
