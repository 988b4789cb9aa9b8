/**
 * Runs of real objects are linearizable, and on spoiled runs the checker agrees with an exact search,
 * with and without the optional members of a model.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import {
  type Draft,
  pick,
  registerTarget,
  runClients,
  storeTarget,
  type Target,
} from "../../bench/histories.ts";
import { Random } from "../../sim/random.ts";
import { check } from "../check.ts";
import { counter } from "./counter.ts";
import { assertOrder, decideExactly } from "./exact_search_fixture.ts";
import { kv } from "./kv.ts";
import { describeOperation, type Model, type Timed } from "../model.ts";
import { mutex } from "./mutex.ts";
import { queue, type QueueOperation } from "./queue.ts";
import { register } from "./register.ts";
import { set, type SetOperation } from "./set.ts";

interface Sizes {
  runs: number;
  sizeMin: number;
  sizeMax: number;
}

const SMALL: Sizes = { runs: 600, sizeMin: 1, sizeMax: 9 };
const MEDIUM: Sizes = { runs: 200, sizeMin: 30, sizeMax: 60 };

/** The members of a model that make checks faster and never change a verdict. */
const OPTIONAL = ["access", "effect", "horizon", "infer", "isRead"] as const;

/** Compares a model with an exact search.
 *
 * @param start Makes a new object.
 * @param plain The object for the exact search, which is not divided into parts. */
function testModel<Op extends Timed, State>(
  model: Model<Op, State>,
  start: (random: Random) => Target,
  size = SMALL,
  plain: Model<Op, unknown> = model as never,
): void {
  const { init, step } = plain;
  const bare = { init, step, ...model.key && { key: model.key } };
  const { runs, sizeMin, sizeMax } = size;
  const sizes = `${sizeMin} to ${sizeMax}`;
  Deno.test(`check() agrees with an exact search on ${sizes} operations of a ${model.name}`, () => {
    const counts = { linearizable: 0, "not linearizable": 0, inconclusive: 0 };
    for (let seed = 0; seed < runs; seed++) {
      const random = new Random(seed);
      const drafts = run(random, size, start(random));
      const history = drafts as unknown as Op[];
      assertEquals(check(model, history).verdict, "linearizable", JSON.stringify(history));
      spoil(random, spoil(random, drafts));
      const exact = decideExactly(plain, history);
      const results = [false, true].map((searchOnly) => check(model, history, { searchOnly }));
      for (const part of results.flatMap(({ parts }) => parts)) assertOrder(model, part);
      const member = pick(random, OPTIONAL);
      const fewer = { ...model, [member]: undefined };
      // A horizon describes the operations whose access is unknown.
      if (member === "access") fewer.horizon = undefined as never;
      const others = [check(bare, history), check(fewer, history)];
      const found = [...results, ...others].map(({ verdict }) => verdict);
      const expected = exact === undefined
        ? found[0]!
        : exact
        ? "linearizable"
        : "not linearizable";
      assertEquals(found, found.map(() => expected), JSON.stringify(history));
      counts[exact === undefined ? "inconclusive" : expected]++;
    }
    const { linearizable, "not linearizable": refuted } = counts;
    assert(linearizable > runs / 100 && refuted > runs / 100, JSON.stringify(counts));
  });
}

function run(random: Random, { sizeMin, sizeMax }: Sizes, target: Target): Draft[] {
  const shape = {
    operations: sizeMin + random.integerBelow(sizeMax - sizeMin + 1),
    clients: 1 + random.integerBelow(5),
    pending: pick(random, [0, 0.05, 0.2]),
  };
  return runClients(random, shape, target);
}

/** Spoils a few operations of a history, or none. */
function spoil(random: Random, history: Draft[]): Draft[] {
  for (let times = random.integerBelow(2 + history.length / 4); times > 0; times--) {
    const [victim, other] = [pick(random, history), pick(random, history)];
    if (random.chance(0.5)) {
      const shift = random.integerBelow(9) - 4;
      victim.call += shift;
      if (victim.return !== null) victim.return = Math.max(victim.call, victim.return + shift);
    } else if (typeof other.output === typeof victim.output && other.output !== undefined) {
      victim.output = other.output;
    }
  }
  return history;
}

const VALUES = [["a"], ["a", "b"], ["a", "ab", "b", ""], ["a", "b", "c", "d", "e"], []];

function anyStore(random: Random): Target {
  const values = pick(random, VALUES);
  return storeTarget(random, {
    value: (i) => values.length === 0 ? String(i) : pick(random, values),
    gets: 0.4,
    puts: random.next(),
    seen: pick(random, [0, 0.5, 1]),
  });
}

function anyRegister(random: Random): Target {
  return registerTarget(random, 2 + random.integerBelow(6), pick(random, [0.75, 0.9, 1]));
}

for (const sizes of [{ ...SMALL, runs: 1000 }, MEDIUM]) {
  testModel(kv, anyStore, sizes);
  testModel(register, anyRegister, sizes);
}

testModel(queue, (random) => {
  const state: unknown[] = [];
  return {
    draw: () => {
      if (random.chance(0.5)) return { op: "dequeue" };
      return { op: "enqueue", value: random.integerBelow(3) };
    },
    execute({ op, value }) {
      if (op === "dequeue") return state.shift() ?? null;
      return void state.push(value);
    },
  };
});

/** A set of all members; the model has one. */
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

testModel(
  set,
  (random) => {
    const state = new Set<unknown>();
    return {
      draw: () => ({
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
  },
  SMALL,
  wholeSet,
);

testModel(counter, (random) => {
  let state = 0;
  return {
    draw: () => {
      return random.chance(0.4) ? { op: "read" } : { op: "add", value: random.integerBelow(4) - 1 };
    },
    execute({ value = 0 }) {
      const found = state;
      state += value as number;
      return found;
    },
  };
});

testModel(mutex, (random) => {
  let holder: number | null = null;
  return {
    draw: (client) => {
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
  // Eight concurrent equal values have 2^8 sets of placed operations, but 8! orders.
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
