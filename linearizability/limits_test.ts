import { assert, assertEquals, assertThrows } from "@std/assert";
import { corruptGet, runClients, storeTarget } from "../bench/histories.ts";
import { Random } from "../sim/random.ts";
import { check } from "./check.ts";
import type { Operation } from "./history.ts";
import { HistoryFileError, parseHistory } from "./files/history_file.ts";
import { kv } from "./models/kv.ts";
import { explainParts } from "./reason/explain.ts";

const HARD = 24;

/** Makes concurrent appends whose values can be taken apart in many ways, and a get that found
 * what they cannot lead to: a search without an end in sight. */
function hardKey(key: string): Operation[] {
  const append = (i: number): Operation => {
    return { client: i, op: "append", key, value: "x".repeat(i + 1), call: 0, return: 100 };
  };
  const output = "x".repeat(500);
  return [
    ...Array.from({ length: HARD }, (_, i) => append(i)),
    { client: HARD, op: "get", key, output, call: 101, return: 102 },
  ];
}

/** Makes a key that a search refutes, but not in its first turn. */
function slowBadKey(key: string): Operation[] {
  return hardKey(key).filter(({ client }) => client < 13 || client === HARD);
}

/** A time limit that is over from the nth question on. */
class Clock {
  asked = 0;
  readonly #end: number;

  constructor(end: number) {
    this.#end = end;
  }

  readonly isOver = () => ++this.asked >= this.#end;

  /** The number of questions after the limit was over. */
  get askedInVain(): number {
    return Math.max(0, this.asked - this.#end);
  }
}

Deno.test("check() refutes a history by its last key when the first keys are too hard", () => {
  const history = [...hardKey("a"), ...hardKey("b"), ...slowBadKey("c")];
  const { verdict, undecided } = check(kv, history, { isOver: new Clock(100_000).isOver });
  assertEquals(verdict, "not linearizable");
  assertEquals(undecided, ["a", "b"]);
});

Deno.test("check() is inconclusive when it reaches its limit of configurations or bytes", () => {
  for (const limits of [{ configurationsMax: 1000 }, { bytesMax: 1 << 20 }]) {
    assertEquals(check(kv, hardKey("k"), limits).verdict, "inconclusive");
  }
});

Deno.test("check() counts the bytes of long states", () => {
  const letters = "abcdefghi";
  const history = [...letters].map((letter, client): Operation => {
    return { client, op: "append", key: "k", value: letter.repeat(2000), call: 0, return: 100 };
  });
  const get = (output: string, call: number): Operation => {
    return { client: 9, op: "get", key: "k", output, call, return: call + 1 };
  };
  const all = [...letters].map((letter) => letter.repeat(2000)).join("");
  // Called while the appends are under way, so that each is the beginning of something.
  history.push(get(all, 101), get("", 0));
  assertEquals(check(kv, history, { searchOnly: true }).verdict, "linearizable");
  // A model that cannot say which states are lost meets all of them.
  const { horizon: _, infer: __, ...plain } = kv;
  const spoiled = [...history.slice(0, 9), get("z", 101)];
  const { verdict } = check(plain, spoiled, { searchOnly: true, bytesMax: 25_000_000 });
  assertEquals(verdict, "inconclusive");
});

const SAMPLES = 3;

/** Numbers from 1 to a last one. */
function samples(last: number): Set<number> {
  return new Set(Array.from({ length: SAMPLES }, (_, i) => {
    return 1 + Math.floor((last - 1) * i / (SAMPLES - 1));
  }));
}

/** Makes gets, a few puts, and appends whose results are seen or not. */
function appends(operations: number, seen: 0 | 1): Operation[] {
  const random = new Random(1);
  const kind = { value: (i: number) => `<${i}>`, gets: 0.5, puts: 0.1, seen };
  return runClients(random, { operations, clients: 3 }, storeTarget(random, kind)) as Operation[];
}

const PENDING: Operation[] = Array.from({ length: 3000 }, (_, i) => {
  const value = "x".repeat(1 + i % 7) + (i % 11);
  return { client: i, op: "append", key: "k", value, call: i, return: null };
});

const LONG: Record<string, { history: Operation[]; isBad?: true }> = {
  "appends with known results": { history: appends(8000, 1) },
  "appends with unknown results": { history: appends(8000, 0) },
  "a stale read": { history: corruptGet(appends(300, 1)), isBad: true },
  "a stale read among appends with unknown results": {
    history: corruptGet(appends(300, 0)),
    isBad: true,
  },
  "4,000 keys": {
    history: appends(4000, 1).map(({ output: _, ...operation }, i) => {
      return { ...operation, op: "put", value: "a", key: String(i) };
    }),
  },
  "3,000 operations that never returned": {
    history: [
      ...PENDING,
      { client: 0, op: "get", key: "k", output: "x1xx2x3zx", call: 3000, return: 3001 },
    ],
    isBad: true,
  },
};

for (const [name, { history, isBad }] of Object.entries(LONG)) {
  Deno.test(`check() and explainParts() stop when time is over, with ${name}`, () => {
    const whole = new Clock(Infinity);
    explainParts(kv, check(kv, history, whole), whole);
    assert(whole.asked >= 1);
    for (const end of samples(whole.asked)) {
      const clock = new Clock(end);
      const checked = check(kv, history, clock);
      explainParts(kv, checked, clock);
      const right = isBad ? "not linearizable" : "linearizable";
      assert(["inconclusive", right].includes(checked.verdict));
      assert(clock.askedInVain <= 4, `went on for ${clock.askedInVain} questions`);
    }
  });
}

Deno.test("explainParts() explains a history of 20,000 operations if there is time", () => {
  const history = corruptGet(appends(20_000, 1));
  const reasonOf = (clock: Clock) => {
    const checked = check(kv, history, clock);
    assertEquals(checked.verdict, "not linearizable");
    return explainParts(kv, checked, clock).get(checked.parts[0]!)?.reason;
  };
  const enough = new Clock(Infinity);
  check(kv, history, enough);
  assertEquals(reasonOf(new Clock(enough.asked)), undefined);
  assertEquals(reasonOf(new Clock(Infinity))?.kind, "stale read or lost write");
});

const OPERATION = '{"client":0,"op":"put","key":"k","value":"a","call":1,"return":"2"}';
const EVENT = "{:type :invoke, :process 0, :f :read}\n{:type :ok, :process 0, :f :read}\n";

for (
  const [name, text] of [
    ["JSON", `{"model":"kv","operations":[${`${OPERATION},`.repeat(8000)}${OPERATION}]}`],
    ["JSON lines", `{"model":"kv"}\n${`${OPERATION}\n`.repeat(8000)}`],
    ["EDN", EVENT.repeat(2000)],
  ] as const
) {
  Deno.test(`parseHistory() stops when time is over, with ${name}`, () => {
    const whole = new Clock(Infinity);
    parseHistory(text, whole);
    assert(whole.asked >= 8, `asked only ${whole.asked} times`);
    for (const end of samples(whole.asked)) {
      const clock = new Clock(end);
      assertThrows(() => parseHistory(text, clock), HistoryFileError, "in the time given");
      assertEquals(clock.askedInVain, 0);
    }
  });
}
