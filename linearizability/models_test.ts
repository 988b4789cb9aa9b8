/**
 * The models of a queue, a set, a counter and a mutex agree with an exact search, on
 * random histories: with all that they offer and with `init` and `step` alone.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { check } from "./check.ts";
import { counter, type CounterOperation } from "./counter.ts";
import { decideExactly } from "./exact_fixture.ts";
import { kv } from "./kv.ts";
import { describeOperation, type Model, type Timed } from "./model.ts";
import { mutex, type MutexOperation } from "./mutex.ts";
import { queue, type QueueOperation } from "./queue.ts";
import { type Random, randomFrom } from "./random_histories_fixture.ts";
import { set, type SetOperation } from "./set.ts";

const RUNS = 1500;
const SIZE_MAX = 9;

type Draft = { client: number; op: string; value?: unknown; output?: unknown };
type DraftOperation = Draft & { call: number; return: number | null };

/** Makes a history of operations that took effect in the order given, and often
 * gives one the result of another.
 *
 * @param perform Makes the next operation, with its result. */
function makeHistory(random: Random, perform: (client: number) => Draft): DraftOperation[] {
  const operations: DraftOperation[] = [];
  const size = 1 + Math.floor(random() * SIZE_MAX);
  const lastReturn = new Map<number, number>();
  for (let at = 0; operations.length < size; at += 2) {
    const client = Math.floor(random() * 4);
    // A client has one operation at a time, and none after one that never returned.
    const free = lastReturn.get(client) ?? -Infinity;
    if (free >= at) continue;
    const draft = perform(client);
    const call = Math.max(at - Math.floor(random() * 8), free + 1);
    const returned = random() < 0.1 ? null : at + Math.floor(random() * 8);
    lastReturn.set(client, returned ?? Infinity);
    if (random() < 0.1) delete draft.output;
    operations.push({ ...draft, call, return: returned });
    if (lastReturn.size === 4 && [...lastReturn.values()].every((end) => end === Infinity)) break;
  }
  const one = operations[Math.floor(random() * operations.length)]!;
  const others = operations.filter(({ op, output }) => op === one.op && output !== one.output);
  if (random() < 0.6 && others.length > 0) {
    one.output = others[Math.floor(random() * others.length)]!.output;
  }
  for (const operation of operations) if (operation.output === undefined) delete operation.output;
  return operations;
}

/** Holds a model to the exact search of the plain object.
 *
 * @param plain The object with nothing but `init` and `step`. */
function assertAgrees<Op extends Timed, State, PlainState>(
  model: Model<Op, State>,
  plain: Model<Op, PlainState>,
  start: (random: Random) => (client: number) => Draft,
): void {
  const counts = { linearizable: 0, "not linearizable": 0 };
  for (let run = 0; run < RUNS; run++) {
    const random = randomFrom(run);
    const history = makeHistory(random, start(random)) as unknown as Op[];
    const verdict = decideExactly(plain, history) ? "linearizable" : "not linearizable";
    counts[verdict]++;
    const { init, step, key, partition } = model;
    const bare: Model<Op, State> = {
      init,
      step,
      ...key === undefined ? {} : { key },
      ...partition === undefined ? {} : { partition },
    };
    const found = [check(model, history), check(model, history, { searchOnly: true })]
      .concat(check(bare, history), check(plain, history) as never)
      .map((result) => result.verdict);
    assertEquals(found, Array(4).fill(verdict), JSON.stringify(history));
  }
  for (const count of Object.values(counts)) assert(count > RUNS / 20, JSON.stringify(counts));
}

Deno.test("check() agrees with force on a queue", () => {
  const { init, step } = queue;
  assertAgrees<QueueOperation, readonly unknown[], readonly unknown[]>(
    queue as never,
    { init, step } as never,
    (random) => {
      const state: number[] = [];
      return (client) => {
        if (random() < 0.5) return { client, op: "dequeue", output: state.shift() ?? null };
        const value = Math.floor(random() * 3);
        state.push(value);
        return { client, op: "enqueue", value };
      };
    },
  );
});

Deno.test("check() agrees with force on a set, member by member", () => {
  const whole: Model<SetOperation, string> = {
    init: "[]",
    step(state, operation) {
      const members = new Set(JSON.parse(state));
      const { op, value } = operation;
      const output = operation.return === null ? undefined : operation.output;
      const had = members.has(value);
      const result = op === "add" ? !had : had;
      if (output !== undefined && output !== result) return undefined;
      if (op === "add") members.add(value);
      if (op === "remove") members.delete(value);
      return JSON.stringify([...members].sort());
    },
  };
  assertAgrees(set, whole, (random) => {
    const state = new Set<number>();
    return (client) => {
      const op = (["add", "remove", "has"] as const)[Math.floor(random() * 3)]!;
      const value = Math.floor(random() * 3);
      const had = state.has(value);
      if (op === "add") state.add(value);
      if (op === "remove") state.delete(value);
      return { client, op, value, output: op === "add" ? !had : had };
    };
  });
});

Deno.test("check() agrees with force on a counter", () => {
  const { init, step } = counter;
  assertAgrees<CounterOperation, number, number>(counter, { init, step }, (random) => {
    let state = 0;
    return (client) => {
      const output = state;
      if (random() < 0.4) return { client, op: "read", output };
      const value = Math.floor(random() * 4) - 1;
      state += value;
      return { client, op: "add", value, output };
    };
  });
});

Deno.test("check() agrees with force on a mutex", () => {
  const { init, step } = mutex;
  assertAgrees<MutexOperation, number | null, number | null>(mutex, { init, step }, (random) => {
    let holder: number | null = null;
    return (client) => {
      if (holder === client && random() < 0.8) {
        holder = null;
        return { client, op: "release", output: true };
      }
      const output = holder === null;
      if (output) holder = client;
      return { client, op: "acquire", output };
    };
  });
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
