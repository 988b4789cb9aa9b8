/**
 * Calls that arrive: replies, types, copies, counts. What the network may do to
 * them is in `losses_test.ts`, what it says to a program with a mistake in
 * `mistakes_test.ts`.
 *
 * @module
 */

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { z } from "zod";
import {
  type ClientEnd,
  Network,
  type NetworkRun,
  RPC_TIMEOUT_MS,
  RpcError,
  Service,
  TimeoutError,
} from "../labrpc.ts";
import { makeEnd, makeServer } from "./fixture.ts";
import { type Clock, Random, Simulation, Trace } from "../sim/mod.ts";

const Page = z.object({
  number: z.number(),
  author: z.object({ name: z.string() }),
  lines: z.array(z.object({ words: z.array(z.string()) })),
});
type Page = z.infer<typeof Page>;

/** A handler with arguments and replies of several types. */
class Echo {
  static readonly rpc = {
    ask: { args: z.string(), reply: z.string() },
    length: { args: z.string(), reply: z.number() },
    sort: { args: z.array(z.string()), reply: z.array(z.string()) },
    turn: { args: Page, reply: Page },
    relay: { args: z.unknown(), reply: z.unknown() },
  };
  readonly asked: string[] = [];
  readonly relayed: unknown[] = [];

  async ask(text: string): Promise<string> {
    this.asked.push(text);
    await new Promise((resolve) => setTimeout(resolve, 20));
    return `re: ${text}`;
  }

  length(text: string): number {
    return text.length;
  }

  async sort(words: string[]): Promise<string[]> {
    return await Promise.resolve(words.toSorted());
  }

  turn(page: Page): Page {
    return { ...page, number: page.number + 1 };
  }

  relay(message: unknown): unknown {
    this.relayed.push(message);
    return message;
  }
}

type EchoEnd = ClientEnd<Echo, "Echo">;

/** A network of one server, "server 0", and one end to it, "end 0". */
function makeLab(run: NetworkRun): { network: Network; echo: Echo; end: EchoEnd } {
  const network = new Network(run);
  const echo = new Echo();
  network.addServer("server 0", makeServer(echo));
  return { network, echo, end: makeEnd<Echo, "Echo">(network, "end 0") };
}

function ask(simulation: Simulation, end: EchoEnd, text: string): Promise<string> {
  return simulation.wait(`ask("${text}")`, end.call("Echo.ask", text));
}

function texts(count: number): string[] {
  return Array.from({ length: count }, (_, i) => String(i));
}

Deno.test("ClientEnd.call() returns what the handler returns, sync or async, of any type", async () => {
  using simulation = new Simulation({ seed: 1, clock: "virtual" });
  const { end } = makeLab(simulation);
  const page = { number: 1, author: { name: "Ada" }, lines: [{ words: ["a", "b"] }] };

  const length: number = await simulation.wait("length", end.call("Echo.length", "four"));
  const answer: string = await ask(simulation, end, "x");
  const sorted: string[] = await simulation.wait("sort", end.call("Echo.sort", ["b", "a"]));
  const turned: Page = await simulation.wait("turn", end.call("Echo.turn", page));

  assertEquals(length, 4);
  assertEquals(answer, "re: x");
  assertEquals(sorted, ["a", "b"]);
  assertEquals(turned, { ...page, number: 2 });
});

Deno.test("a ClientEnd.call() that fits no method does not compile", async () => {
  const page = { number: 1, author: { name: "Ada" }, lines: [] };
  const mistakes: ((end: ReturnType<typeof makeLab>["end"]) => Promise<unknown>)[] = [
    // @ts-expect-error There is no such method
    (end) => end.call("Echo.lenght", "abc"),
    // @ts-expect-error This is a field
    (end) => end.call("Echo.asked", "abc"),
    // @ts-expect-error The class has another name
    (end) => end.call("KVServer.length", "abc"),
    // @ts-expect-error The class is missing
    (end) => end.call("length", "abc"),
    // @ts-expect-error The argument is a string
    (end) => end.call("Echo.length", 3),
    // @ts-expect-error The argument is missing
    (end) => end.call("Echo.length"),
    // @ts-expect-error A field is missing
    (end) => end.call("Echo.turn", { number: 1, lines: [] }),
    // @ts-expect-error There is no such field
    (end) => end.call("Echo.turn", { ...page, color: "red" }),
  ];
  // A lab for each: after the first mistake, calls do not return.
  for (const mistake of mistakes) {
    using simulation = new Simulation({ seed: 1, clock: "virtual" });
    const { end, echo } = makeLab(simulation);
    await assertRejects(() => mistake(end), RpcError, "Echo.");
    assertEquals(echo.asked, []);
  }
});

Deno.test("ClientEnd.call() has the type of its reply", async () => {
  using simulation = new Simulation({ seed: 1, clock: "virtual" });
  const { end } = makeLab(simulation);

  // @ts-expect-error The reply is a number
  const text: string = await simulation.wait("length", end.call("Echo.length", "abc"));
  const page = { number: 1, author: { name: "Ada" }, lines: [] };
  const reply = await simulation.wait("turn", end.call("Echo.turn", page));

  assertEquals<unknown>(text, 3);
  // @ts-expect-error The reply has no such field
  assertEquals(reply.value, undefined);
});

Deno.test("ClientEnd.call() takes no time of its own on the real clock", async () => {
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
  const { end } = makeLab(run);

  assertEquals(await end.call("Echo.length", "four"), 4);
  assertEquals(delaysMs, [RPC_TIMEOUT_MS, 0, 0]);
});

Deno.test("ClientEnd.call() clones messages in both directions and at every depth", async () => {
  using simulation = new Simulation({ seed: 1, clock: "virtual" });
  const { end, echo } = makeLab(simulation);
  const sent = { list: [{ by: "caller" }] };

  // Sender and receiver each change theirs while it travels, and afterwards.
  const call = simulation.wait("relay", end.call("Echo.relay", sent));
  sent.list[0]!.by = "caller, after sending";
  while (echo.relayed.length === 0) await simulation.sleep(0.05);
  const handled = echo.relayed[0] as typeof sent;
  assertEquals(handled, { list: [{ by: "caller" }] });
  handled.list[0]!.by = "handler, after answering";
  const reply = await call as typeof sent;
  assertEquals(reply, { list: [{ by: "caller" }] });
  reply.list[0]!.by = "caller, after receiving";

  assertEquals(sent, { list: [{ by: "caller, after sending" }] });
  assertEquals(handled, { list: [{ by: "handler, after answering" }] });
});

Deno.test("ClientEnd.call() gives each of 100 ends its own reply", async () => {
  using simulation = new Simulation({ seed: 1, clock: "virtual" });
  const { network, echo } = makeLab(simulation);
  const ends = texts(100).map((text) => makeEnd<Echo, "Echo">(network, `clerk ${text}`));

  const replies = await Promise.all(ends.map((end, i) => ask(simulation, end, String(i))));

  assertEquals(replies, texts(100).map((text) => `re: ${text}`));
  assertEquals(echo.asked.toSorted(), texts(100).toSorted());
  assertEquals(ends.map((_, i) => network.getEndCount(`clerk ${i}`)), Array(100).fill(1));
});

Deno.test("ClientEnd.call() lets 100 calls be in a handler at once, in no set order", async () => {
  using simulation = new Simulation({ seed: 1, clock: "virtual" });
  const { echo, end } = makeLab(simulation);

  const replies = await Promise.all(texts(100).map((text) => ask(simulation, end, text)));

  assertEquals(replies, texts(100).map((text) => `re: ${text}`));
  assertEquals(echo.asked.toSorted(), texts(100).toSorted());
  assert(echo.asked.join() !== texts(100).join(), "the requests arrived in the order of sending");
  // One after the other they would have taken 2000 ms.
  assert(simulation.clock.now() <= 22);
});

Deno.test("Server.addService() serves several classes side by side", async () => {
  class Adder {
    static readonly rpc = { add: { args: z.array(z.number()), reply: z.number() } };
    add(numbers: number[]): number {
      return numbers.reduce((sum, n) => sum + n, 0);
    }
  }
  using simulation = new Simulation({ seed: 1, clock: "virtual" });
  const network = new Network(simulation);
  const server = makeServer(new Echo());
  server.addService(new Service(new Adder()));
  network.addServer("server 0", server);
  const adder = network.makeEnd<Adder, "Adder">("adder");
  network.connect("adder", "server 0");
  network.enable("adder", true);

  assertEquals(await simulation.wait("add", adder.call("Adder.add", [1, 2])), 3);
  assertEquals(await ask(simulation, makeEnd<Echo, "Echo">(network, "echo"), "x"), "re: x");
});

Deno.test("Network.getCount() counts the requests that reached a server, unlike the other counts", async () => {
  using simulation = new Simulation({ seed: 1, clock: "virtual" });
  const { network, end } = makeLab(simulation);
  network.addServer("server 1", makeServer(new Echo()));
  const other = makeEnd<Echo, "Echo">(network, "end 1");
  network.connect("end 1", "server 1");

  for (const text of texts(3)) await ask(simulation, end, text);
  for (const text of texts(2)) await ask(simulation, other, text);
  network.enable("end 1", false);
  for (const text of texts(5)) {
    await assertRejects(() => ask(simulation, other, text), TimeoutError);
  }

  const servers = ["server 0", "server 1", "server 2"].map((name) => network.getCount(name));
  assertEquals(servers, [3, 2, 0]);
  assertEquals([network.getEndCount("end 0"), network.getEndCount("end 1")], [3, 7]);
  assertEquals(network.getTotalCount(), 10);
});

Deno.test("Network.getTotalBytes() is the length of all JSON texts in UTF-8", async () => {
  using simulation = new Simulation({ seed: 1, clock: "virtual" });
  const { network, end } = makeLab(simulation);
  const bytesOf = (message: unknown) => new TextEncoder().encode(JSON.stringify(message)).length;

  await ask(simulation, end, "ü");
  assertEquals(network.getTotalBytes(), bytesOf("ü") + bytesOf("re: ü"));
  network.deleteServer("server 0");
  await assertRejects(() => ask(simulation, end, "ü"), TimeoutError);
  assertEquals(network.getTotalBytes(), 2 * bytesOf("ü") + bytesOf("re: ü"));
});

Deno.test("Network.connect() and enable() refuse an end that is not there, by name", () => {
  using simulation = new Simulation({ seed: 1, clock: "virtual" });
  const { network } = makeLab(simulation);
  const missing = 'There is no end "end 1"';

  assertThrows(() => network.connect("end 1", "server 0"), RpcError, missing);
  assertThrows(() => network.enable("end 1", true), RpcError, missing);
  assertThrows(() => network.deleteEnd("end 1"), RpcError, missing);
  assertThrows(() => network.getEndCount("end 1"), RpcError, missing);
  assertThrows(
    () => network.makeEnd<Echo, "Echo">("end 0"),
    RpcError,
    'There is an end "end 0" already',
  );
});
