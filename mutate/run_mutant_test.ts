import { assertEquals, assertStringIncludes } from "@std/assert";
import { labTests } from "../testing/lab_tests.ts";

await import("../test_test.ts");
const { runMutant } = await import("./run_mutant.ts");
const scenarios = labTests.filter(({ name }) => /^Test(?:Basic|Unreliable):/.test(name));

const CLIENT = `
const { TimeoutError } = require("./labrpc.ts");
exports.Clerk = class Clerk {
  #id = crypto.randomUUID();
  #seq = 0;
  constructor(servers, { nservers }) {
    this.ask = async (method, key, value) => {
      const args = { key, value, id: this.#id, seq: ++this.#seq };
      for (;;) {
        try {
          return (await servers[Number(key) % nservers].call("KVServer." + method, args)).value;
        } catch (error) {
          if (!(error instanceof TimeoutError)) throw error;
        }
      }
    };
  }
  get(key) { return this.ask("get", key, ""); }
  async put(key, value) { await this.ask("put", key, value); }
  append(key, value) { return this.ask("append", key, value); }
};
`;

const SERVER = `
const { z } = require("zod");
const args = z.object({ key: z.string(), value: z.string(), id: z.string(), seq: z.number() });
const reply = z.object({ value: z.string() });
exports.KVServer = class KVServer {
  static rpc = { get: { args, reply }, put: { args, reply }, append: { args, reply } };
  #values = new Map();
  #last = new Map();
  get({ key }) { return { value: this.#values.get(key) ?? "" }; }
  put(args) { return this.#write(args, () => args.value); }
  append(args) { return this.#write(args, (old) => old + args.value); }
  #write({ key, id, seq }, change) {
    const last = this.#last.get(id);
    if (seq === last?.seq) return last.reply;
    const value = this.#values.get(key) ?? "";
    this.#values.set(key, change(value));
    this.#last.set(id, { seq, reply: { value } });
    return { value };
  }
};
`;

const right = { client: CLIENT, server: SERVER, seeds: 2 };

/** Runs the toy submission after a replacement in its server. */
async function caughtBy(from: string, to: string): Promise<string> {
  assertStringIncludes(SERVER, from);
  const result = await runMutant(scenarios, { ...right, server: SERVER.replace(from, to) });
  return result.kind === "caught" ? result.by : result.kind;
}

Deno.test("runMutant() says which test notices a change first", async () => {
  assertEquals(await caughtBy("old + args.value", "args.value"), "TestBasic");
  assertEquals(await caughtBy("seq === last?.seq", "false"), "TestUnreliable");
  assertEquals(await caughtBy("require", "requires"), "load");
});

Deno.test("runMutant() says that a change survives, and whether its runs are the same", async () => {
  const original = await runMutant(scenarios, right);
  const changed = await runMutant(scenarios, {
    ...right,
    client: CLIENT.replace("#seq = 0", "#seq = 1"),
  });
  assertEquals([original.kind, changed.kind], ["survived", "survived"]);
  if (original.kind === "caught" || changed.kind === "caught") return;
  assertEquals(original.digests.length, 4);
  assertEquals(original.digests.filter((digest) => changed.digests.includes(digest)), []);
});

Deno.test("runMutant() notices a requirement that the original meets", async () => {
  const requirements = ["asks the first server first", "replicates"] as const;
  const result = await runMutant(scenarios.slice(0, 1), { ...right, requirements });
  assertEquals(result, { kind: "caught", by: "a requirement" });
});
