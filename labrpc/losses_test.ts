/**
 * What the network may do to a call: lose it, delay it, cut it off, reply too late. Time is
 * simulated, so "100 ms" is exact. Chance is seeded, so a statistical check that passes once always
 * passes.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { TimeoutError } from "../labrpc.ts";
import { Echo, type EchoEnd, EchoLab, makeServer, type Outcome } from "./fixture.ts";

const TIMED_OUT: Outcome = { reply: undefined, afterMs: 100 };

function isTimeout({ reply }: Outcome): boolean {
  return reply === undefined;
}

function afterMsMax(outcomes: Outcome[]): number {
  return Math.max(...outcomes.map(({ afterMs }) => afterMs));
}

/** Checks that a number of hits is within three standard deviations of the expected number. */
function assertChance(hits: number, tries: number, probability: number): void {
  const off = Math.abs(hits - tries * probability);
  const sigma = Math.sqrt(tries * probability * (1 - probability));
  assert(off <= 3 * sigma, `${hits} of ${tries} is too far from ${probability}`);
}

/** Each makes an end that reaches no server. */
const UNREACHABLE: Record<string, (lab: EchoLab) => EchoEnd> = {
  "is not connected"({ network }) {
    const end = network.makeEnd<Echo, "Echo">("end 1");
    network.enable("end 1", true);
    return end;
  },
  "is not enabled"({ network }) {
    const end = network.makeEnd<Echo, "Echo">("end 1");
    network.connect("end 1", "server 0");
    return end;
  },
  "is disabled"({ network, end }) {
    network.enable("end 0", false);
    return end;
  },
  "is deleted"({ network, end }) {
    network.deleteEnd("end 0");
    return end;
  },
  "leads to a server that is deleted"({ network, end }) {
    network.deleteServer("server 0");
    return end;
  },
};

for (const [state, prepare] of Object.entries(UNREACHABLE)) {
  Deno.test(`ClientEnd.call() rejects within 100 ms when its end ${state}`, async () => {
    using lab = new EchoLab();
    const outcomes = await lab.askMany(50, prepare(lab));
    assert(outcomes.every(isTimeout));
    assert(afterMsMax(outcomes) <= 100);
    assertEquals(lab.echo.asked, []);
  });
}

Deno.test("an end works again when it is enabled, or made again under its name", async () => {
  using lab = new EchoLab();
  lab.network.enable("end 0", false);
  assertEquals((await lab.ask("a")).reply, undefined);
  lab.network.enable("end 0", true);
  assertEquals((await lab.ask("b")).reply, "re: b");
  lab.network.deleteEnd("end 0");
  assertEquals((await lab.ask("c", lab.makeEnd("end 0"))).reply, "re: c");
  assertEquals(lab.network.getEndCount("end 0"), 1);
});

/** Events that cut off a call in flight. */
const MEANWHILE: Record<string, (lab: EchoLab) => void> = {
  "its server is deleted": ({ network }) => network.deleteServer("server 0"),
  "its server is replaced": ({ network }) => network.addServer("server 0", makeServer(new Echo())),
  "its end is disabled": ({ network }) => network.enable("end 0", false),
  "its end is deleted": ({ network }) => network.deleteEnd("end 0"),
  "its end is connected to another server"({ network }) {
    network.addServer("server 1", makeServer(new Echo()));
    network.connect("end 0", "server 1");
  },
};

for (const [what, happen] of Object.entries(MEANWHILE)) {
  Deno.test(`ClientEnd.call() rejects at 100 ms when ${what} before the delivery`, async () => {
    using lab = new EchoLab();
    const call = lab.ask("x");
    happen(lab);
    assertEquals(await call, TIMED_OUT);
    assertEquals(lab.echo.asked, []);
    assertEquals(lab.network.getCount("server 0") + lab.network.getCount("server 1"), 0);
    assertEquals(lab.drops, ["request unreachable"]);
  });

  Deno.test(`ClientEnd.call() rejects at 100 ms when ${what} while the handler runs`, async () => {
    using lab = new EchoLab({
      answer: async (text) => {
        await lab.sleep(20);
        return text;
      },
    });
    const call = lab.ask("x");
    await lab.sleep(10);
    happen(lab);
    assertEquals(await call, TIMED_OUT);
    assertEquals(lab.echo.asked, ["x"]);
    assertEquals(lab.drops, ["reply unreachable"]);
  });
}

Deno.test("Network.addServer() replaces a server for later calls", async () => {
  using lab = new EchoLab();
  lab.network.addServer("server 0", makeServer(new Echo((text) => `new: ${text}`)));
  assertEquals((await lab.ask("x")).reply, "new: x");
  assertEquals(lab.echo.asked, []);
  assertEquals(lab.network.getCount("server 0"), 1);
});

Deno.test("ClientEnd.call() rejects at 100 ms when the handler takes longer", async () => {
  using lab = new EchoLab({
    answer: async (text) => {
      await lab.sleep(Number(text));
      return text;
    },
  });
  assertEquals(await lab.ask("150"), TIMED_OUT);
  assertEquals((await lab.ask("97")).reply, "97");
  assertEquals(lab.drops, ["reply late"]);
});

Deno.test("ClientEnd.call() rejects at 100 ms when a TimeoutError escapes the handler", async () => {
  using lab = new EchoLab({
    answer: (text) => {
      if (text === "sync") throw new TimeoutError("Echo.backup");
      return text === "async" ? Promise.reject(new TimeoutError("Echo.backup")) : text;
    },
  });
  assertEquals(await lab.ask("sync"), TIMED_OUT);
  assertEquals(await lab.ask("async"), TIMED_OUT);
  assertEquals((await lab.ask("neither")).reply, "neither");
  assertEquals(lab.drops, ["reply no reply", "reply no reply"]);
});

Deno.test("no call returns after Network.cleanup(), whatever its state", async () => {
  const answered: string[] = [];
  using lab = new EchoLab({
    answer: async (text) => {
      await lab.sleep(20);
      answered.push(text);
      return text;
    },
  });
  const { network, echo } = lab;
  const unplugged = network.makeEnd<Echo, "Echo">("unplugged");
  const returned: string[] = [];
  const start = (text: string, end = lab.end) => {
    const note = () => void returned.push(text);
    end.call("Echo.ask", text).then(note, note);
  };

  start("being answered");
  await lab.sleep(10);
  start("being handled");
  while (answered.length < 1) await lab.sleep(0.05);
  start("not delivered");
  start("to nobody", unplugged);
  const bytes = network.getTotalBytes();
  network.cleanup();
  start("too late");
  await lab.sleep(10_000);

  assertEquals(returned, []);
  assertEquals(answered, ["being answered", "being handled"]);
  assertEquals(echo.asked, answered);
  assertEquals(network.getTotalBytes(), bytes);
});

Deno.test("a reliable network answers within 2 ms", async () => {
  using lab = new EchoLab();
  const outcomes = await lab.askMany(1000);
  assert(!outcomes.some(isTimeout));
  assert(afterMsMax(outcomes) <= 2);
  assert(Math.max(...lab.delaysMs) <= 1 && Math.min(...lab.delaysMs) > 0);
  assertEquals(lab.drops, []);
  // No event follows later.
  const { length } = lab.events;
  await lab.sleep(200);
  assertEquals(lab.events.length, length);
});

Deno.test("an unreliable network loses one message in ten and delays requests", async () => {
  using lab = new EchoLab();
  lab.network.reliable(false);
  const calls = 4_000;
  const outcomes = await lab.askMany(calls);

  // A lost request was never executed, and a request whose reply was lost was executed once. The
  // caller sees no difference.
  const executed = lab.echo.asked.length;
  const timeouts = outcomes.filter(isTimeout);
  assertChance(calls - executed, calls, 0.1);
  assertChance(timeouts.length - (calls - executed), executed, 0.1);
  assert(timeouts.every(({ afterMs }) => afterMs === 100));
  assertEquals(new Set(lab.echo.asked).size, executed);
  assertEquals(lab.drops.filter((drop) => drop === "request lost").length, calls - executed);
  assertEquals(lab.drops.length, timeouts.length);

  // Requests are delayed by another 0 to 26 ms, and replies are not.
  const averageMs = lab.delaysMs.reduce((sum, delayMs) => sum + delayMs) / lab.delaysMs.length;
  assert(Math.abs(averageMs - 13.55) < 0.3, `the average is ${averageMs} ms`);
  assert(Math.min(...lab.delaysMs) < 1);
  assert(Math.max(...lab.delaysMs) > 26 && Math.max(...lab.delaysMs) <= 27);
  assert(afterMsMax(outcomes.filter((outcome) => !isTimeout(outcome))) <= 28);

  lab.network.reliable(true);
  assert(!(await lab.askMany(200)).some(isTimeout), "it applies to later calls");
});

Deno.test("Network.longReordering() makes two replies in three too late", async () => {
  using lab = new EchoLab();
  lab.network.longReordering(true);
  const outcomes = await lab.askMany(1000);
  const timeouts = outcomes.filter(isTimeout);
  assertChance(timeouts.length, 1000, 2 / 3);
  assert(timeouts.every(({ afterMs }) => afterMs === 100));
  assertEquals(lab.echo.asked.length, 1000);

  // The first of them arrive at 200 ms, the last at 2200 ms and are dropped.
  await lab.sleep(95);
  assertEquals(lab.drops, []);
  await lab.sleep(1800);
  assert(lab.drops.length > 0 && lab.drops.length < timeouts.length);
  await lab.sleep(250);
  assertEquals(lab.drops, Array(timeouts.length).fill("reply late"));

  lab.network.longReordering(false);
  assert(!(await lab.askMany(100)).some(isTimeout));
});

Deno.test("Network.longDelays() delays only the failure of calls that reach no server, by up to 7000 ms", async () => {
  using lab = new EchoLab();
  lab.network.longDelays(true);
  assert(afterMsMax(await lab.askMany(100)) <= 2);
  lab.network.deleteServer("server 0");
  const outcomes = await lab.askMany(200);
  assert(outcomes.every(isTimeout));
  assert(afterMsMax(outcomes) > 6500 && afterMsMax(outcomes) <= 7000);
  assert(Math.min(...outcomes.map(({ afterMs }) => afterMs)) < 500);
  lab.network.longDelays(false);
  const shortMs = afterMsMax(await lab.askMany(200));
  assert(shortMs > 90 && shortMs <= 100);
});

Deno.test("an unreliable network loses the same calls of an end however often others call", async () => {
  const lost = async (extra: number) => {
    using lab = new EchoLab();
    lab.network.reliable(false);
    await lab.askMany(extra, lab.makeEnd("end 1"));
    return (await lab.askMany(100)).map(isTimeout);
  };
  assertEquals(await lost(0), await lost(50));
});
