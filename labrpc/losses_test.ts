/**
 * What the network may do to a call: lose it, hold it back, cut it off, answer it
 * too late. Time is simulated, so "100 ms" is exact; chance is seeded, so what is
 * within three standard deviations today will be tomorrow.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { z } from "zod";
import { type ClientEnd, Network, TimeoutError } from "../labrpc.ts";
import { makeEnd, makeServer } from "./fixture.ts";
import { Simulation } from "../sim/mod.ts";
import type { NetworkEvent } from "./network_event.ts";

type Answer = (text: string) => string | Promise<string>;

/** A handler that remembers what it was asked, and answers as the test wants. */
class Echo {
  static readonly rpc = { ask: { args: z.string(), reply: z.string() } };
  readonly asked: string[] = [];
  readonly #answer: Answer;

  constructor(answer: Answer = (text) => `re: ${text}`) {
    this.#answer = answer;
  }

  ask(text: string): string | Promise<string> {
    this.asked.push(text);
    return this.#answer(text);
  }
}

type EchoEnd = ClientEnd<Echo, "Echo">;

/** A network of one server, "server 0", and one end to it, "end 0". */
function makeLab(
  simulation: Simulation<NetworkEvent>,
  answer?: Answer,
): { network: Network; echo: Echo; end: EchoEnd } {
  const network = new Network(simulation);
  const echo = new Echo(answer);
  network.addServer("server 0", makeServer(echo));
  return { network, echo, end: makeEnd<Echo, "Echo">(network, "end 0") };
}

/** What became of a call that is made now; no reply means a `TimeoutError`. */
interface Outcome {
  reply: string | undefined;
  afterMs: number;
}

const TIMED_OUT: Outcome = { reply: undefined, afterMs: 100 };

async function ask(
  simulation: Simulation<NetworkEvent>,
  end: EchoEnd,
  text: string,
): Promise<Outcome> {
  const startMs = simulation.clock.now();
  const elapsedMs = () => Math.round((simulation.clock.now() - startMs) * 1000) / 1000;
  try {
    const reply = await simulation.wait(`ask("${text}")`, end.call("Echo.ask", text));
    return { reply, afterMs: elapsedMs() };
  } catch (error) {
    if (!(error instanceof TimeoutError)) throw error;
    return { reply: undefined, afterMs: elapsedMs() };
  }
}

/** Asks "0", "1", … all at once. */
function askMany(
  simulation: Simulation<NetworkEvent>,
  end: EchoEnd,
  count: number,
): Promise<Outcome[]> {
  return Promise.all(texts(count).map((text) => ask(simulation, end, text)));
}

function texts(count: number): string[] {
  return Array.from({ length: count }, (_, i) => String(i));
}

function isTimeout({ reply }: Outcome): boolean {
  return reply === undefined;
}

function afterMsMax(outcomes: Outcome[]): number {
  return Math.max(...outcomes.map(({ afterMs }) => afterMs));
}

/** A simulation, and which messages its network dropped and why. */
function simulateWithDrops(): {
  simulation: Simulation<NetworkEvent>;
  drops: string[];
  delaysMs: number[];
} {
  const drops: string[] = [];
  const delaysMs: number[] = [];
  const sentMs = new Map<number, number>();
  const listener = (event: NetworkEvent, atMs: number) => {
    if (event.kind === "sent") sentMs.set(event.message, atMs);
    if (event.kind === "delivered") delaysMs.push(atMs - sentMs.get(event.message)!);
    if (event.kind === "dropped") drops.push(`${event.what} ${event.why}`);
  };
  return { simulation: new Simulation({ seed: 1, clock: "virtual", listener }), drops, delaysMs };
}

function count(all: string[], one: string): number {
  return all.filter((each) => each === one).length;
}

/** Holds a number of hits to what chance gives, within three standard deviations. */
function assertChance(hits: number, tries: number, probability: number): void {
  const off = Math.abs(hits - tries * probability);
  const sigma = Math.sqrt(tries * probability * (1 - probability));
  assert(off <= 3 * sigma, `${hits} of ${tries} is too far from ${probability}`);
}

// Servers that cannot be reached

const UNREACHABLE: Record<string, (network: Network) => EchoEnd> = {
  "is not connected": (network) => {
    const end = network.makeEnd<Echo, "Echo">("end 1");
    network.enable("end 1", true);
    return end;
  },
  "is not enabled": (network) => {
    const end = network.makeEnd<Echo, "Echo">("end 1");
    network.connect("end 1", "server 0");
    return end;
  },
  "is disabled": (network) => {
    const end = makeEnd<Echo, "Echo">(network, "end 1");
    network.enable("end 1", false);
    return end;
  },
  "is deleted": (network) => {
    const end = makeEnd<Echo, "Echo">(network, "end 1");
    network.deleteEnd("end 1");
    return end;
  },
  "leads to a server that is deleted": (network) => {
    network.deleteServer("server 0");
    return makeEnd<Echo, "Echo">(network, "end 1");
  },
};

for (const [state, prepare] of Object.entries(UNREACHABLE)) {
  Deno.test(`ClientEnd.call() rejects within 100 ms when its end ${state}`, async () => {
    using simulation = new Simulation({ seed: 1, clock: "virtual" });
    const { network, echo } = makeLab(simulation);
    const end = prepare(network);

    const outcomes = await askMany(simulation, end, 50);

    assert(outcomes.every(isTimeout));
    assert(afterMsMax(outcomes) <= 100);
    assertEquals(echo.asked, []);
  });
}

Deno.test("Network.enable() lets calls through again", async () => {
  using simulation = new Simulation({ seed: 1, clock: "virtual" });
  const { network, end } = makeLab(simulation);

  network.enable("end 0", false);
  assertEquals((await ask(simulation, end, "a")).reply, undefined);
  network.enable("end 0", true);
  assertEquals((await ask(simulation, end, "b")).reply, "re: b");
});

Deno.test("Network.deleteEnd() frees the name for a new end", async () => {
  using simulation = new Simulation({ seed: 1, clock: "virtual" });
  const { network } = makeLab(simulation);

  network.deleteEnd("end 0");
  const end = makeEnd<Echo, "Echo">(network, "end 0");

  assertEquals((await ask(simulation, end, "a")).reply, "re: a");
  assertEquals(network.getEndCount("end 0"), 1);
});

// A call in flight, and what may happen meanwhile

const MEANWHILE: Record<string, (network: Network) => void> = {
  "its server is deleted": (network) => network.deleteServer("server 0"),
  "its server is replaced": (network) => {
    network.addServer("server 0", makeServer(new Echo((text) => `new: ${text}`)));
  },
  "its end is disabled": (network) => network.enable("end 0", false),
  "its end is deleted": (network) => network.deleteEnd("end 0"),
  "its end is connected to another server": (network) => {
    network.addServer("server 1", makeServer(new Echo((text) => `other: ${text}`)));
    network.connect("end 0", "server 1");
  },
};

for (const [what, happen] of Object.entries(MEANWHILE)) {
  Deno.test(`ClientEnd.call() rejects at 100 ms when ${what} before the delivery`, async () => {
    const { simulation, drops } = simulateWithDrops();
    using _ = simulation;
    const { network, echo, end } = makeLab(simulation);

    const call = ask(simulation, end, "x");
    happen(network);

    assertEquals(await call, TIMED_OUT);
    assertEquals(echo.asked, []);
    assertEquals(network.getCount("server 0") + network.getCount("server 1"), 0);
    assertEquals(drops, ["request unreachable"]);
  });

  Deno.test(`ClientEnd.call() rejects at 100 ms when ${what} while the handler runs`, async () => {
    const { simulation, drops } = simulateWithDrops();
    using _ = simulation;
    const { network, echo, end } = makeLab(simulation, async (text) => {
      await simulation.sleep(20);
      return `old: ${text}`;
    });

    const call = ask(simulation, end, "x");
    await simulation.sleep(10);
    happen(network);

    assertEquals(await call, TIMED_OUT);
    assertEquals(echo.asked, ["x"]);
    assertEquals(drops, ["reply unreachable"]);
  });
}

Deno.test("Network.addServer() replaces a server, for the calls that come after", async () => {
  using simulation = new Simulation({ seed: 1, clock: "virtual" });
  const { network, echo, end } = makeLab(simulation);

  network.addServer("server 0", makeServer(new Echo((text) => `new: ${text}`)));

  assertEquals((await ask(simulation, end, "x")).reply, "new: x");
  assertEquals(echo.asked, []);
  assertEquals(network.getCount("server 0"), 1);
});

// Late and missing replies

Deno.test("ClientEnd.call() rejects at 100 ms when the handler takes longer", async () => {
  const { simulation, drops } = simulateWithDrops();
  using _ = simulation;
  const { echo, end } = makeLab(simulation, async (text) => {
    await simulation.sleep(Number(text));
    return `took ${text}`;
  });

  assertEquals(await ask(simulation, end, "150"), TIMED_OUT);
  assertEquals((await ask(simulation, end, "97")).reply, "took 97");

  assertEquals(drops, ["reply late"]);
  assertEquals(echo.asked, ["150", "97"]);
});

Deno.test("ClientEnd.call() rejects at 100 ms when a TimeoutError escapes the handler", async () => {
  const { simulation, drops } = simulateWithDrops();
  using _ = simulation;
  const { echo, end } = makeLab(simulation, (text) => {
    if (text === "sync") throw new TimeoutError("Echo.backup");
    if (text === "async") return Promise.reject(new TimeoutError("Echo.backup"));
    return text;
  });

  assertEquals(await ask(simulation, end, "sync"), TIMED_OUT);
  assertEquals(await ask(simulation, end, "async"), TIMED_OUT);
  assertEquals((await ask(simulation, end, "neither")).reply, "neither");

  assertEquals(echo.asked, ["sync", "async", "neither"]);
  assertEquals(drops, ["reply no reply", "reply no reply"]);
});

Deno.test("Network.cleanup() leaves calls without an end, also those on their way", async () => {
  using simulation = new Simulation({ seed: 1, clock: "virtual" });
  const answered: string[] = [];
  const { network, echo, end } = makeLab(simulation, async (text) => {
    await simulation.sleep(20);
    answered.push(text);
    return text;
  });
  const unplugged = network.makeEnd<Echo, "Echo">("unplugged");
  const returned: string[] = [];
  const start = (text: string, on: EchoEnd) => {
    const note = () => void returned.push(text);
    on.call("Echo.ask", text).then(note, note);
  };

  assertEquals((await ask(simulation, end, "early")).reply, "early");
  start("being answered", end);
  await simulation.sleep(10);
  start("being handled", end);
  while (answered.length < 2) await simulation.sleep(0.05);
  start("not delivered", end);
  start("to nobody", unplugged);
  const bytes = network.getTotalBytes();
  network.cleanup();
  start("too late", end);
  await simulation.sleep(10_000);

  assertEquals(returned, []);
  assertEquals(echo.asked, ["early", "being answered", "being handled"]);
  assertEquals(answered, echo.asked);
  assertEquals(network.getTotalBytes(), bytes);
});

// Chance

Deno.test("a reliable network answers within 2 ms", async () => {
  const { simulation, drops, delaysMs } = simulateWithDrops();
  using _ = simulation;
  const { end } = makeLab(simulation);

  const outcomes = await askMany(simulation, end, 1000);

  assert(!outcomes.some(isTimeout));
  assert(afterMsMax(outcomes) <= 2);
  assert(Math.max(...delaysMs) <= 1);
  assert(Math.min(...delaysMs) > 0);
  assertEquals(drops, []);

  // Nothing is left behind that happens later.
  const { count } = simulation.trace;
  await simulation.sleep(200);
  assertEquals(simulation.trace.count, count);
});

Deno.test("an unreliable network loses one message in ten and delays requests", async () => {
  const { simulation, drops, delaysMs } = simulateWithDrops();
  using _ = simulation;
  const { network, echo, end } = makeLab(simulation);
  network.reliable(false);

  const calls = 10_000;
  const outcomes = await askMany(simulation, end, calls);

  // What was lost on the way there was never executed, what was lost on the way
  // back was; the caller sees no difference, and nothing is executed twice.
  const executed = echo.asked.length;
  const timeouts = outcomes.filter(isTimeout);
  assertChance(calls - executed, calls, 0.1);
  assertChance(timeouts.length - (calls - executed), executed, 0.1);
  assert(timeouts.every(({ afterMs }) => afterMs === 100));
  assertEquals(new Set(echo.asked).size, executed);
  assertEquals(count(drops, "request lost"), calls - executed);
  assertEquals(drops.length, timeouts.length);

  // Requests are held back for 0 to 26 ms on top of the journey, replies are not.
  const averageMs = delaysMs.reduce((sum, delayMs) => sum + delayMs) / delaysMs.length;
  assert(Math.abs(averageMs - 13.55) < 0.3, `the average is ${averageMs} ms`);
  assert(Math.min(...delaysMs) < 1);
  assert(Math.max(...delaysMs) > 26 && Math.max(...delaysMs) <= 27);
  assert(afterMsMax(outcomes.filter((outcome) => !isTimeout(outcome))) <= 28);
});

Deno.test("Network.reliable() decides for the calls that come after it", async () => {
  using simulation = new Simulation({ seed: 1, clock: "virtual" });
  const { network, end } = makeLab(simulation);

  const phases = [];
  for (const reliable of [true, false, true]) {
    network.reliable(reliable);
    phases.push((await askMany(simulation, end, 200)).filter(isTimeout).length);
  }

  assertEquals([phases[0], phases[2]], [0, 0]);
  assertChance(phases[1]!, 200, 0.19);
});

Deno.test("Network.longReordering() makes two replies in three too late", async () => {
  const { simulation, drops } = simulateWithDrops();
  using _ = simulation;
  const { network, echo, end } = makeLab(simulation);
  network.longReordering(true);

  const outcomes = await askMany(simulation, end, 1000);
  const timeouts = outcomes.filter(isTimeout);
  assertChance(timeouts.length, 1000, 2 / 3);
  assert(timeouts.every(({ afterMs }) => afterMs === 100));
  assertEquals(echo.asked.length, 1000);
  assertEquals(drops, []);

  // The first of them arrive at 200 ms, the last at 2200 ms; nobody waits for them.
  await simulation.sleep(95);
  assertEquals(drops, []);
  await simulation.sleep(1800);
  assert(drops.length > 0 && drops.length < timeouts.length);
  await simulation.sleep(250);
  assertEquals(drops, Array(timeouts.length).fill("reply late"));

  network.longReordering(false);
  assert(!(await askMany(simulation, end, 100)).some(isTimeout));
});

Deno.test("Network.longDelays() makes only calls to nobody take up to 7000 ms", async () => {
  using simulation = new Simulation({ seed: 1, clock: "virtual" });
  const { network, end } = makeLab(simulation);
  network.longDelays(true);
  assert(afterMsMax(await askMany(simulation, end, 100)) <= 2);

  network.deleteServer("server 0");
  const outcomes = await askMany(simulation, end, 200);
  assert(outcomes.every(isTimeout));
  assert(afterMsMax(outcomes) > 6500 && afterMsMax(outcomes) <= 7000);
  assert(Math.min(...outcomes.map(({ afterMs }) => afterMs)) < 500);

  network.longDelays(false);
  const short = afterMsMax(await askMany(simulation, end, 200));
  assert(short > 90 && short <= 100);
});

// The idea is that of TestRegression1 in labrpc's own tests (MIT 6.5840).
Deno.test("ClientEnd.call() is not held up by calls to nobody on the same end", async () => {
  using simulation = new Simulation({ seed: 1, clock: "virtual" });
  const { network, echo, end } = makeLab(simulation);
  network.longDelays(true);
  network.enable("end 0", false);

  let waiting = true;
  const early = askMany(simulation, end, 100).finally(() => waiting = false);
  await simulation.sleep(20);
  network.enable("end 0", true);
  const late = [];
  for (let i = 0; i < 100; i++) late.push(await ask(simulation, end, `late ${i}`));

  assert(waiting);
  assertEquals(late.map(({ reply }) => reply), late.map((_, i) => `re: late ${i}`));
  assert(afterMsMax(late) <= 2);
  assert((await early).every(isTimeout));
  assertEquals(echo.asked, late.map((_, i) => `late ${i}`));
});

async function hostileRun(seed: number): Promise<{ digest: string; outcomes: Outcome[] }> {
  using simulation = new Simulation({ seed, clock: "virtual" });
  const { network, end } = makeLab(simulation);
  const other = makeEnd<Echo, "Echo">(network, "end 1");
  const outcomes: Outcome[] = [];
  for (const hostile of [false, true, false, true]) {
    network.reliable(!hostile);
    network.longReordering(hostile);
    network.longDelays(hostile);
    network.enable("end 1", !hostile);
    outcomes.push(...await askMany(simulation, end, 20), ...await askMany(simulation, other, 20));
  }
  return { digest: simulation.trace.digest, outcomes };
}

Deno.test("Network() does the same again for the same seed", async () => {
  const runs = [await hostileRun(7), await hostileRun(7), await hostileRun(8)];

  assertMatch(runs[0]!.digest, /^[0-9a-f]{16}$/);
  assertEquals(runs[0], runs[1]!);
  assert(runs[0]!.digest !== runs[2]!.digest);
  assert(JSON.stringify(runs[0]!.outcomes) !== JSON.stringify(runs[2]!.outcomes));
});

Deno.test("an unreliable network loses the same calls of an end however often others call", async () => {
  const lost = async (extra: number) => {
    using simulation = new Simulation({ seed: 1, clock: "virtual" });
    const { network, end } = makeLab(simulation);
    network.reliable(false);
    await askMany(simulation, makeEnd<Echo, "Echo">(network, "end 1"), extra);
    return (await askMany(simulation, end, 100)).map(isTimeout);
  };

  assertEquals(await lost(0), await lost(50));
});
