/**
 * The errors of a program with a mistake, as students read them: each names the method and the
 * field, and says what to do.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { z } from "zod";
import { RpcError, Server, Service, TimeoutError } from "../labrpc.ts";
import { type Echo, makeEnd, NetworkLab } from "./fixture.ts";

const Order = z.object({
  buyer: z.object({ name: z.string() }),
  items: z.array(z.object({ code: z.string(), count: z.number() })),
  note: z.string().optional(),
});
type Order = z.infer<typeof Order>;

const Receipt = z.object({ total: z.number(), lines: z.array(z.object({ text: z.string() })) });
type Receipt = z.infer<typeof Receipt>;

/** A handler whose reply the test chooses. */
class Shop {
  static readonly rpc = { order: { args: Order, reply: Receipt } };
  readonly orders: Order[] = [];
  readonly #answer: () => unknown;

  constructor(answer: () => unknown) {
    this.#answer = answer;
  }

  /** Not in the table. */
  close(): void {}

  order(order: Order): Receipt | Promise<Receipt> {
    this.orders.push(order);
    return this.#answer() as Receipt;
  }
}

const RECEIPT: Receipt = { total: 1, lines: [{ text: "pen" }] };
const item = { code: "pen", count: 1 };
const ORDER: Order = { buyer: { name: "Ada" }, items: [item] };

/** A network of one shop. */
class ShopLab extends NetworkLab<Shop, "Shop"> {
  constructor(answer: () => unknown = () => RECEIPT) {
    super(new Shop(answer));
  }

  order(args: unknown = ORDER): Promise<Receipt> {
    return this.wait(this.end.call("Shop.order", args as Order));
  }

  /** Returns the message of the error that ends both a call and the run.
   *
   * @param call A call with a mistake in it. */
  async mistakeOf(call: () => Promise<unknown> = () => this.order()): Promise<string> {
    const error = await assertRejects(() => this.wait(call()), RpcError);
    assert(this.simulation.failure?.error === error);
    return error.message;
  }
}

class Coin {
  readonly cents = 100;
}

const NOT_DECLARED = "is not declared; declare it, or do not send it";
const mismatch = (expected: string, received: string) => {
  return `does not fit: Invalid input: expected ${expected}, received ${received}`;
};

/** Wrong arguments and their errors. `encoding_test.ts` has all values that cannot be encoded. */
const ARGUMENTS: [args: unknown, problem: string][] = [
  [undefined, "there is nothing to send"],
  [() => ORDER, "it is a function; only plain data can be sent"],
  [
    { ...ORDER, items: [{ ...item, code: new Date(0) }] },
    'the field "items[0].code" is an instance of Date; only plain data can be sent',
  ],
  ["pen", `it ${mismatch("object", "string")}`],
  [{ ...ORDER, note: 1 }, `the field "note" ${mismatch("string", "number")}`],
  [
    { ...ORDER, items: [item, { code: 7, count: 1 }] },
    `the field "items[1].code" ${mismatch("string", "number")}`,
  ],
  [
    { ...ORDER, buyer: { name: undefined } },
    `the field "buyer.name" ${mismatch("string", "undefined")}`,
  ],
  [{ ...ORDER, seq: 1 }, `the field "seq" ${NOT_DECLARED}`],
  [
    { ...ORDER, items: [item, { ...item, color: null }] },
    `the field "items[1].color" ${NOT_DECLARED}`,
  ],
];

Deno.test("ClientEnd.call() ends the run when its arguments cannot be sent", async () => {
  for (const [args, problem] of ARGUMENTS) {
    using lab = new ShopLab();
    assertEquals(
      await lab.mistakeOf(() => lab.end.call("Shop.order", args as Order)),
      `Cannot send the arguments of Shop.order: ${problem} (schema Shop.rpc.order.args)`,
    );
    assertEquals(lab.handler.orders, []);
  }
});

/** Wrong replies and their errors. */
const REPLIES: [reply: unknown, problem: string][] = [
  [undefined, "there is nothing to send"],
  [null, `it ${mismatch("object", "null")}`],
  [
    { ...RECEIPT, total: new Coin() },
    'the field "total" is an instance of Coin; only plain data can be sent',
  ],
  [{ ...RECEIPT, total: "1" }, `the field "total" ${mismatch("number", "string")}`],
  [
    { ...RECEIPT, lines: [{ text: "pen", count: 1 }] },
    `the field "lines[0].count" ${NOT_DECLARED}`,
  ],
];

Deno.test("ClientEnd.call() ends the run when a handler's reply cannot be sent", async () => {
  for (const [reply, problem] of REPLIES) {
    for (const answer of [() => reply, () => Promise.resolve(reply)]) {
      using lab = new ShopLab(answer);
      assertEquals(
        await lab.mistakeOf(),
        `Cannot send the reply of Shop.order: ${problem} (schema Shop.rpc.order.reply)`,
      );
      assertEquals(lab.handler.orders, [ORDER]);
    }
  }
});

Deno.test("ClientEnd.call() ends the run and keeps the cause when a handler throws", async () => {
  const thrown = [new RangeError("Out of pens"), "out of pens"] as const;
  for (const [i, shown] of ["RangeError: Out of pens", "out of pens"].entries()) {
    const throws = () => {
      throw thrown[i];
    };
    for (const answer of [throws, () => Promise.reject(thrown[i])]) {
      using lab = new ShopLab(answer);
      assertEquals(await lab.mistakeOf(), `The handler Shop.order threw ${shown}`);
      assert((lab.simulation.failure!.error as Error).cause === thrown[i]);
    }
  }
});

Deno.test("ClientEnd.call() ends the run when it has a mistake within a handler", async () => {
  using lab: ShopLab = new ShopLab(() =>
    lab.end.call("Shop.order", { ...ORDER, note: NaN as never })
  );
  assertEquals(
    await lab.mistakeOf(),
    'Cannot send the arguments of Shop.order: the field "note" is NaN; ' +
      "only finite numbers can be sent (schema Shop.rpc.order.args)",
  );
});

Deno.test("ClientEnd.call() ends the run immediately when a mistake is sent over a link that is cut", async () => {
  using lab = new ShopLab();
  lab.network.enable("end 0", false);
  await lab.mistakeOf(() => lab.order({ ...ORDER, items: "pen" }));
  assertEquals(lab.simulation.clock.now(), 0);
});

declare module "./client_end.ts" {
  interface RpcClasses {
    Shop: typeof Shop;
  }
}

Deno.test("ClientEnd.call() ends the run and names the methods when there is no such method", async () => {
  const mistakeOf = async (call: (lab: ShopLab) => Promise<unknown>) => {
    using lab = new ShopLab();
    return await lab.mistakeOf(() => call(lab));
  };
  const isMissing = (name: string) => {
    return `This server has no method "${name}", only Shop.order; correct the name`;
  };
  const add = (method: string) => `, or add "${method}: { args: …, reply: … }" to Shop.rpc`;
  assertEquals(
    await mistakeOf(({ end }) => end.call("Shop.oder" as "Shop.order", ORDER)),
    isMissing("Shop.oder") + add("oder"),
  );
  assertEquals(
    // @ts-expect-error The class has the method, and its table does not.
    await mistakeOf(({ end }) => end.call("Shop.close", ORDER)),
    isMissing("Shop.close") + add("close"),
  );
  // Another server has the method.
  const elsewhere = ({ network }: ShopLab) => makeEnd<Echo, "Echo">(network, "end 1");
  assertEquals(
    await mistakeOf((lab) => elsewhere(lab).call("Echo.ask", "a")),
    isMissing("Echo.ask"),
  );
});

Deno.test("ClientEnd.call() does not end the run when it times out", async () => {
  using lab = new ShopLab();
  lab.network.enable("end 0", false);
  const message = "Shop.order got no reply in time; it may or may not have been executed";
  await assertRejects(() => lab.order(), TimeoutError, message);
  lab.network.enable("end 0", true);
  assertEquals(await lab.order(), RECEIPT);
  assertEquals(lab.simulation.failure, undefined);
});

const schemas = { args: z.string(), reply: z.string() };

Deno.test("Service() refuses a class whose table is missing or does not fit", () => {
  const refuse = (rpc: object | undefined, words: string) => {
    class Half {
      static readonly rpc = rpc;
      get(key: string): string {
        return key;
      }
    }
    const { message } = assertThrows(() => new Service(new Half()), RpcError);
    assertEquals(message, `Cannot serve ${words}`);
  };
  refuse(
    undefined,
    'Half: it has no rpc table; expected "static readonly rpc = ' +
      '{ get: { args: GetArgs, reply: GetReply }, … }"',
  );
  refuse(
    { get: schemas, put: schemas },
    'Half: its rpc table lists "put" but it has no method "put"; ' +
      'add the handler "put(args)" or remove the entry',
  );
  const { args, reply } = schemas;
  for (const entry of [{}, { reply }, { args }, null, { args: String, reply }]) {
    refuse(
      { get: entry },
      "Half.get: its entry in Half.rpc lacks a zod schema; " +
        'expected "get: { args: …, reply: … }"',
    );
  }
});

Deno.test("ClientEnd.call() ends the run when a schema is asynchronous", async () => {
  class Slow {
    static readonly rpc = {
      get: { args: z.string().refine(() => Promise.resolve(true)), reply: z.string() },
    };
    get = (key: string) => key;
  }
  using lab = new ShopLab();
  const server = new Server();
  lab.network.addServer("server 0", server);
  // A service may come after its server.
  server.addService(new Service(new Slow()));
  const end = makeEnd<Slow, "Slow">(lab.network, "end 1");
  assertMatch(
    await lab.mistakeOf(() => end.call("Slow.get", "a")),
    /^Cannot send the arguments of Slow\.get: the schema cannot be used: .* \(schema Slow\.rpc\.get\.args\)$/,
  );
});

Deno.test("Network.cleanup() keeps a handler from failing the run when it throws afterwards", async () => {
  using lab = new ShopLab(async () => {
    await lab.sleep(50);
    throw new Error("too late");
  });
  lab.end.call("Shop.order", ORDER);
  await lab.sleep(10);
  lab.network.cleanup();
  await lab.sleep(100);
  assertEquals(lab.simulation.failure, undefined);
});

Deno.test("no call returns after a mistake, so that a retry loop that ignores errors stops", async () => {
  using lab = new ShopLab();
  await assertRejects(() => lab.end.call("Shop.order", {} as never), RpcError);
  let returned = false;
  const mark = () => void (returned = true);
  for (const args of [ORDER, {} as never]) lab.end.call("Shop.order", args).then(mark, mark);
  await lab.simulation.settle();
  assertEquals(returned, false);
  assert(lab.simulation.failure?.error instanceof RpcError);
});
