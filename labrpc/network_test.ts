/**
 * Calls that arrive: replies, types, clones, counts. Lost calls are in `losses_test.ts`, and
 * programs with a mistake in `mistakes_test.ts`.
 *
 * @module
 */

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { z } from "zod";
import { Network, RPC_TIMEOUT_MS, RpcError, Service } from "../labrpc.ts";
import { Echo, EchoLab, makeEnd, makeServer, NetworkLab } from "./fixture.ts";
import { type Clock, Random, Trace } from "../sim/mod.ts";

const Page = z.object({ number: z.number(), author: z.object({ name: z.string() }) });
type Page = z.infer<typeof Page>;

/** A handler with arguments and replies of several types. */
class Printer {
  static readonly rpc = {
    length: { args: z.string(), reply: z.number() },
    sort: { args: z.array(z.string()), reply: z.array(z.string()) },
    turn: { args: Page, reply: Page },
    relay: { args: z.unknown(), reply: z.unknown() },
  };
  readonly relayed: unknown[] = [];
  length = (text: string) => text.length;
  sort = (words: string[]) => Promise.resolve(words.toSorted());
  turn = (page: Page) => ({ ...page, number: page.number + 1 });
  relay = (message: unknown) => (this.relayed.push(message), message);
}

type PrinterLab = NetworkLab<Printer, "Printer">;
type PrinterEnd = PrinterLab["end"];

Deno.test("ClientEnd.call() returns what the handler returns, sync or async, of any type", async () => {
  using lab: PrinterLab = new NetworkLab(new Printer());
  const { end } = lab;
  const page = { number: 1, author: { name: "Ada" } };
  const length: number = await lab.wait(end.call("Printer.length", "four"));
  const sorted: string[] = await lab.wait(end.call("Printer.sort", ["b", "a"]));
  const turned: Page = await lab.wait(end.call("Printer.turn", page));
  assertEquals<unknown>([length, sorted, turned], [4, ["a", "b"], { ...page, number: 2 }]);
  // @ts-expect-error The reply has no such field
  assertEquals(turned.value, undefined);
  // @ts-expect-error The reply is a number
  const text: string = await lab.wait(end.call("Printer.length", "abc"));
  assertEquals<unknown>(text, 3);
});

Deno.test("a ClientEnd.call() that fits no method does not compile", async () => {
  const page = { number: 1, author: { name: "Ada" } };
  const mistakes: ((end: PrinterEnd) => Promise<unknown>)[] = [
    // @ts-expect-error There is no such method
    (end) => end.call("Printer.lenght", "abc"),
    // @ts-expect-error This is a field
    (end) => end.call("Printer.relayed", "abc"),
    // @ts-expect-error The class has another name
    (end) => end.call("KVServer.length", "abc"),
    // @ts-expect-error The class is missing
    (end) => end.call("length", "abc"),
    // @ts-expect-error The argument is a string
    (end) => end.call("Printer.length", 3),
    // @ts-expect-error The argument is missing
    (end) => end.call("Printer.length"),
    // @ts-expect-error A field is missing
    (end) => end.call("Printer.turn", { number: 1 }),
    // @ts-expect-error There is no such field
    (end) => end.call("Printer.turn", { ...page, color: "red" }),
  ];
  // A network for each: after the first mistake, calls do not return.
  for (const mistake of mistakes) {
    using lab: PrinterLab = new NetworkLab(new Printer());
    await assertRejects(() => mistake(lab.end), RpcError, "Printer.");
  }
});

Deno.test("ClientEnd.call() adds no delay on the real clock", async () => {
  const delaysMs: number[] = [];
  const clock: Clock = {
    kind: "real",
    now: () => 0,
    setTimer: (delayMs, action) => {
      delaysMs.push(delayMs);
      if (delayMs < RPC_TIMEOUT_MS) queueMicrotask(action);
      return {};
    },
    clearTimer: () => {},
    stop: () => {},
  };
  const fail = (error: unknown) => {
    throw error;
  };
  const run = { clock, fail, random: new Random(1), trace: new Trace<unknown>(() => 0) };
  const network = new Network(run);
  network.addServer("server 0", makeServer(new Printer()));
  const end = makeEnd<Printer, "Printer">(network, "end 0");
  assertEquals(await end.call("Printer.length", "four"), 4);
  assertEquals(delaysMs, [RPC_TIMEOUT_MS, 0, 0]);
});

Deno.test("ClientEnd.call() clones messages in both directions and at every depth", async () => {
  using lab: PrinterLab = new NetworkLab(new Printer());
  const { end, handler: printer } = lab;
  const sent = { list: [{ by: "caller" }] };

  // Sender and receiver each change theirs while it travels, and afterwards.
  const call = lab.wait(end.call("Printer.relay", sent));
  sent.list[0]!.by = "caller, after sending";
  while (printer.relayed.length === 0) await lab.sleep(0.05);
  const handled = printer.relayed[0] as typeof sent;
  assertEquals(handled, { list: [{ by: "caller" }] });
  handled.list[0]!.by = "handler, after answering";
  const reply = await call as typeof sent;
  assertEquals(reply, { list: [{ by: "caller" }] });
  reply.list[0]!.by = "caller, after receiving";

  assertEquals(sent, { list: [{ by: "caller, after sending" }] });
  assertEquals(handled, { list: [{ by: "handler, after answering" }] });
});

Deno.test("a handler can run 100 calls at the same time, which arrive in any order", async () => {
  for (const hasOneEnd of [true, false]) {
    using lab = new EchoLab({
      answer: async (text) => {
        await lab.sleep(20);
        return `re: ${text}`;
      },
    });
    const texts = Array.from({ length: 100 }, (_, i) => String(i));
    const endOf = (text: string) => hasOneEnd ? lab.end : lab.makeEnd(`clerk ${text}`);
    const outcomes = await Promise.all(texts.map((text) => lab.ask(text, endOf(text))));
    assertEquals(outcomes.map(({ reply }) => reply), texts.map((text) => `re: ${text}`));
    assertEquals(lab.echo.asked.toSorted(), texts.toSorted());
    assert(lab.echo.asked.join() !== texts.join(), "the requests arrived in the order of sending");
    // One after the other they would have taken 2000 ms.
    assert(lab.simulation.clock.now() <= 22);
  }
});

Deno.test("Server.addService() serves several classes side by side", async () => {
  using lab = new EchoLab();
  const server = makeServer(lab.echo);
  server.addService(new Service(new Printer()));
  lab.network.addServer("server 0", server);
  const printer = makeEnd<Printer, "Printer">(lab.network, "end 1");
  assertEquals(await lab.wait(printer.call("Printer.length", "four")), 4);
  assertEquals((await lab.ask("x")).reply, "re: x");
});

Deno.test("Network.getCount() counts requests that reached a server, and the other counts all calls", async () => {
  using lab = new EchoLab();
  const { network } = lab;
  network.addServer("server 1", makeServer(new Echo()));
  const other = lab.makeEnd("end 1");
  network.connect("end 1", "server 1");
  await lab.askMany(3);
  await lab.askMany(2, other);
  network.enable("end 1", false);
  await lab.askMany(5, other);

  const servers = ["server 0", "server 1", "server 2"].map((name) => network.getCount(name));
  assertEquals(servers, [3, 2, 0]);
  assertEquals([network.getEndCount("end 0"), network.getEndCount("end 1")], [3, 7]);
  assertEquals(network.getTotalCount(), 10);
});

Deno.test("Network.getTotalBytes() is the length of all JSON texts in UTF-8", async () => {
  using lab = new EchoLab();
  const [sent, received] = ['"ü"', '"re: ü"'].map((text) => new TextEncoder().encode(text).length);
  await lab.ask("ü");
  assertEquals(lab.network.getTotalBytes(), sent! + received!);
  lab.network.deleteServer("server 0");
  await lab.ask("ü");
  assertEquals(lab.network.getTotalBytes(), 2 * sent! + received!);
});

Deno.test("Network names an end that does not exist, or exists already", () => {
  using lab = new EchoLab();
  const { network } = lab;
  for (
    const use of [
      () => network.connect("end 1", "server 0"),
      () => network.enable("end 1", true),
      () => network.deleteEnd("end 1"),
      () => network.getEndCount("end 1"),
    ]
  ) assertThrows(use, RpcError, 'There is no end "end 1"');
  assertThrows(() => network.makeEnd("end 0"), RpcError, 'There is an end "end 0" already');
});
