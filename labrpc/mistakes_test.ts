/**
 * The messages to a program with a mistake. The tables below are what students get to
 * read: each message names the method and the field, and says what to do.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { z } from "zod";
import { type ClientEnd, Network, RpcError, Server, Service, TimeoutError } from "../labrpc.ts";
import { makeEnd, makeServer } from "./fixture.ts";
import { Simulation } from "../sim/mod.ts";

const Order = z.object({
  buyer: z.object({ name: z.string() }),
  items: z.array(z.object({ code: z.string(), count: z.number() })),
  note: z.string().optional(),
});
type Order = z.infer<typeof Order>;

const Receipt = z.object({ total: z.number(), lines: z.array(z.object({ text: z.string() })) });
type Receipt = z.infer<typeof Receipt>;

/** A handler that does as the test wants, right or wrong. */
class Shop {
  static readonly rpc = { order: { args: Order, reply: Receipt } };
  readonly orders: Order[] = [];
  readonly #answer: () => unknown;

  constructor(answer: () => unknown) {
    this.#answer = answer;
  }

  order(order: Order): Receipt | Promise<Receipt> {
    this.orders.push(order);
    return this.#answer() as Receipt;
  }
}

const RECEIPT: Receipt = { total: 1, lines: [{ text: "pen" }] };
const ORDER: Order = { buyer: { name: "Ada" }, items: [{ code: "pen", count: 1 }] };

type ShopEnd = ClientEnd<Shop, "Shop">;

function makeShop(
  simulation: Simulation,
  answer: () => unknown = () => RECEIPT,
): { network: Network; shop: Shop; end: ShopEnd } {
  const network = new Network(simulation);
  const shop = new Shop(answer);
  network.addServer("server 0", makeServer(shop));
  return { network, shop, end: makeEnd<Shop, "Shop">(network, "end 0") };
}

/** The message of the error that ends both the call and the run.
 *
 * @param call A call with a mistake in it.
 */
async function mistakeOf(simulation: Simulation, call: () => Promise<unknown>): Promise<string> {
  const waiting = simulation.wait("a call", call());
  const error = await assertRejects(() => waiting, RpcError);
  assert(simulation.failure?.error === error);
  return error.message;
}

class Coin {
  readonly cents = 100;
}

const item = { code: "pen", count: 1 };

/** What a caller sends, and what its author is told. All that cannot be encoded is in
 * `encoding_test.ts`. */
const ARGUMENTS: [args: unknown, problem: string][] = [
  [undefined, "there is nothing to send"],
  [() => ORDER, "it is a function; only plain data can be sent"],
  [
    { ...ORDER, items: [{ ...item, code: new Date(0) }] },
    'the field "items[0].code" is an instance of Date; only plain data can be sent',
  ],
  ["pen", "it does not fit: Invalid input: expected object, received string"],
  [
    { ...ORDER, note: 1 },
    'the field "note" does not fit: Invalid input: expected string, received number',
  ],
  [
    { ...ORDER, items: [item, { code: 7, count: 1 }] },
    'the field "items[1].code" does not fit: Invalid input: expected string, received number',
  ],
  [
    { ...ORDER, buyer: { name: undefined } },
    'the field "buyer.name" does not fit: Invalid input: expected string, received undefined',
  ],
  [{ ...ORDER, seq: 1 }, 'the field "seq" is not declared; declare it, or do not send it'],
  [
    { ...ORDER, items: [item, { ...item, color: null }] },
    'the field "items[1].color" is not declared; declare it, or do not send it',
  ],
];

Deno.test("ClientEnd.call() ends the run when its arguments cannot be sent", async () => {
  for (const [args, problem] of ARGUMENTS) {
    using simulation = new Simulation({ seed: 1, clock: "virtual" });
    const { shop, end } = makeShop(simulation);

    const message = await mistakeOf(simulation, () => end.call("Shop.order", args as Order));

    assertEquals(
      message,
      `Cannot send the arguments of Shop.order: ${problem} (schema Shop.rpc.order.args)`,
    );
    assertEquals(shop.orders, []);
  }
});

/** What a handler returns, and what its author is told. */
const REPLIES: [reply: unknown, problem: string][] = [
  [undefined, "there is nothing to send"],
  [null, "it does not fit: Invalid input: expected object, received null"],
  [
    { ...RECEIPT, total: new Coin() },
    'the field "total" is an instance of Coin; only plain data can be sent',
  ],
  [
    { ...RECEIPT, total: "1" },
    'the field "total" does not fit: Invalid input: expected number, received string',
  ],
  [
    { ...RECEIPT, lines: [{ text: "pen", count: 1 }] },
    'the field "lines[0].count" is not declared; declare it, or do not send it',
  ],
];

const HANDLERS = [(reply: unknown) => reply, (reply: unknown) => Promise.resolve(reply)];

Deno.test("ClientEnd.call() ends the run when a handler's reply cannot be sent", async () => {
  for (const handle of HANDLERS) {
    for (const [reply, problem] of REPLIES) {
      using simulation = new Simulation({ seed: 1, clock: "virtual" });
      const { shop, end } = makeShop(simulation, () => handle(reply));

      const message = await mistakeOf(simulation, () => end.call("Shop.order", ORDER));

      assertEquals(
        message,
        `Cannot send the reply of Shop.order: ${problem} (schema Shop.rpc.order.reply)`,
      );
      assertEquals(shop.orders, [ORDER]);
    }
  }
});

const THROWN: [thrown: unknown, message: string][] = [
  [new RangeError("Out of pens"), "RangeError: Out of pens"],
  ["out of pens", "out of pens"],
];

Deno.test("ClientEnd.call() ends the run and keeps the cause when a handler throws", async () => {
  for (const [thrown, shown] of THROWN) {
    const throws = () => {
      throw thrown;
    };
    for (const answer of [throws, () => Promise.reject(thrown)]) {
      using simulation = new Simulation({ seed: 1, clock: "virtual" });
      const { end } = makeShop(simulation, answer);

      const message = await mistakeOf(simulation, () => end.call("Shop.order", ORDER));

      assertEquals(message, `The handler Shop.order threw ${shown}`);
      assert((simulation.failure!.error as Error).cause === thrown);
    }
  }
});

Deno.test("ClientEnd.call() ends the run with the first mistake when it is made in a handler", async () => {
  using simulation = new Simulation({ seed: 1, clock: "virtual" });
  const forward = () => end.call("Shop.order", { ...ORDER, note: NaN } as never);
  const { end } = makeShop(simulation, forward);

  const message = await mistakeOf(simulation, () => end.call("Shop.order", ORDER));

  assertEquals(
    message,
    'Cannot send the arguments of Shop.order: the field "note" is NaN; only finite numbers can be sent ' +
      "(schema Shop.rpc.order.args)",
  );
});

Deno.test("ClientEnd.call() ends the run at once when a mistake is sent to nobody", async () => {
  using simulation = new Simulation({ seed: 1, clock: "virtual" });
  const { network, end } = makeShop(simulation);
  network.enable("end 0", false);

  await mistakeOf(simulation, () => end.call("Shop.order", { ...ORDER, items: "pen" as never }));

  assertEquals(simulation.clock.now(), 0);
});

Deno.test("ClientEnd.call() ends the run and names the methods when there is no such method", async () => {
  using simulation = new Simulation({ seed: 1, clock: "virtual" });
  const { end } = makeShop(simulation);

  const message = await mistakeOf(simulation, () => end.call("Shop.oder" as "Shop.order", ORDER));

  assertEquals(
    message,
    'There is no "Shop.oder" among the methods of this server, Shop.order; ' +
      'correct the name, or add "oder: { args: …, reply: … }" to Shop.rpc',
  );
});

Deno.test("ClientEnd.call() ends the run when only another server has the method", async () => {
  class Bank {
    static readonly rpc = { pay: { args: z.number(), reply: z.number() } };
    pay = (cents: number) => cents;
  }
  using simulation = new Simulation({ seed: 1, clock: "virtual" });
  const { network, end: shopEnd } = makeShop(simulation);
  network.addServer("server 1", makeServer(new Bank()));
  const end = makeEnd<Bank, "Bank">(network, "end 1");

  assertEquals(await simulation.wait("order", shopEnd.call("Shop.order", ORDER)), RECEIPT);
  const message = await mistakeOf(simulation, () => end.call("Bank.pay", 1));

  assertEquals(
    message,
    'There is no "Bank.pay" among the methods of this server, Shop.order; correct the name',
  );
});

Deno.test("ClientEnd.call() does not end the run when it times out", async () => {
  using simulation = new Simulation({ seed: 1, clock: "virtual" });
  const { network, end } = makeShop(simulation);

  network.enable("end 0", false);
  const lost = simulation.wait("a call to nobody", end.call("Shop.order", ORDER));
  const message = "Shop.order got no reply in time; it may or may not have been executed";
  await assertRejects(() => lost, TimeoutError, message);
  network.enable("end 0", true);

  assertEquals(await simulation.wait("another call", end.call("Shop.order", ORDER)), RECEIPT);
  assertEquals(simulation.failure, undefined);
});

/** A service with a method that its table lacks. */
class Till {
  static readonly rpc = { pay: { args: z.number(), reply: z.number() } };
  pay = (cents: number) => cents;
  open = (cents: number) => cents;
}

declare module "./client_end.ts" {
  interface RpcClasses {
    Till: typeof Till;
  }
}

Deno.test("the compiler refuses to call a method that the rpc table lacks", async () => {
  using simulation = new Simulation({ seed: 1, clock: "virtual" });
  const network = new Network(simulation);
  network.addServer("server 0", makeServer(new Till()));
  const end = makeEnd<Till, "Till">(network, "end 0");

  assertEquals(await simulation.wait("pay", end.call("Till.pay", 1)), 1);
  // @ts-expect-error The table lists "pay" only.
  const message = await mistakeOf(simulation, () => end.call("Till.open", 1));

  assertEquals(
    message,
    'There is no "Till.open" among the methods of this server, Till.pay; ' +
      'correct the name, or add "open: { args: …, reply: … }" to Till.rpc',
  );
});

// Services that cannot be

const schemas = { args: z.string(), reply: z.string() };

Deno.test("Service() refuses a class without a table", () => {
  class Untold {
    get(key: string): string {
      return key;
    }
  }
  assertThrows(
    () => new Service(new Untold()),
    RpcError,
    "Cannot serve Untold: it has no rpc table; " +
      'expected "static readonly rpc = { get: { args: GetArgs, reply: GetReply }, … }"',
  );
});

Deno.test("Service() refuses a table with a method that the class lacks", () => {
  class Typo {
    static readonly rpc = { get: schemas, put: schemas };
    get(key: string): string {
      return key;
    }
  }
  assertThrows(
    () => new Service(new Typo()),
    RpcError,
    'Cannot serve Typo: its rpc table lists "put" but it has no method "put"; ' +
      'add the handler "put(args)" or remove the entry',
  );
});

Deno.test("Service() refuses a table with an entry that lacks a schema", () => {
  const entries = [{}, { reply: schemas.reply }, { args: schemas.args }, null];
  for (const entry of [...entries, { args: String, reply: schemas.reply }]) {
    class Half {
      static readonly rpc = { get: entry };
      get(key: string): string {
        return key;
      }
    }
    assertThrows(
      () => new Service(new Half()),
      RpcError,
      "Cannot serve Half.get: its entry in Half.rpc lacks a zod schema; " +
        'expected "get: { args: …, reply: … }"',
    );
  }
});

Deno.test("ClientEnd.call() ends the run when a schema is asynchronous", async () => {
  class Slow {
    static readonly rpc = {
      get: { args: z.string().refine(() => Promise.resolve(true)), reply: z.string() },
    };
    get(key: string): string {
      return key;
    }
  }
  using simulation = new Simulation({ seed: 1, clock: "virtual" });
  const network = new Network(simulation);
  const server = new Server();
  network.addServer("server 0", server);
  // A service may come after its server.
  server.addService(new Service(new Slow()));
  const end = makeEnd<Slow, "Slow">(network, "end 0");

  const message = await mistakeOf(simulation, () => end.call("Slow.get", "a"));

  assertMatch(
    message,
    /^Cannot send the arguments of Slow\.get: the schema cannot be used: .* \(schema Slow\.rpc\.get\.args\)$/,
  );
});

Deno.test("Network.cleanup() keeps a handler from failing the run when it throws afterwards", async () => {
  using simulation = new Simulation({ seed: 1, clock: "virtual" });
  const { network, end } = makeShop(simulation, async () => {
    await simulation.sleep(50);
    throw new Error("too late");
  });
  end.call("Shop.order", ORDER);
  await simulation.sleep(10);
  network.cleanup();
  await simulation.sleep(100);
  assertEquals(simulation.failure, undefined);
});

Deno.test("ClientEnd.call() never returns after a mistake so that a retry that swallows it ends", async () => {
  using simulation = new Simulation({ seed: 1, clock: "virtual" });
  const { end } = makeShop(simulation);
  const first = assertRejects(() => end.call("Shop.order", {} as never), RpcError);
  await first;
  let returned = false;
  const mark = () => void (returned = true);
  end.call("Shop.order", ORDER).then(mark, mark);
  await simulation.settle();
  assertEquals(returned, false);
  assert(simulation.failure?.error instanceof RpcError);
});
