/**
 * What a hostile network does beyond the graded one, and what a test may decide about
 * it.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { z } from "zod";
import {
  type ClientEnd,
  type DrawnCall,
  Network,
  type NetworkOptions,
  TimeoutError,
} from "../labrpc.ts";
import { makeEnd, makeServer } from "./fixture.ts";
import { Simulation } from "../sim/mod.ts";
import type { NetworkEvent } from "./network_event.ts";
import type { Fate } from "./faults.ts";

/** A handler that remembers what it was asked, and changes it. */
class Echo {
  static readonly rpc = { ask: { args: z.object({ text: z.string() }), reply: z.string() } };
  readonly asked: string[] = [];

  ask(args: { text: string }): string {
    this.asked.push(args.text);
    args.text = "changed by the handler";
    return `re: ${this.asked.at(-1)}`;
  }
}

type EchoEnd = ClientEnd<Echo, "Echo">;

/** A hostile network of one server, what happens on it, and an end to it. */
function makeLab(simulation: Simulation<NetworkEvent>, options?: NetworkOptions) {
  const network = new Network(simulation, options);
  const echo = new Echo();
  network.addServer("server 0", makeServer(echo));
  network.hostile(true);
  const end: EchoEnd = makeEnd<Echo, "Echo">(network, "end 0");
  return { network, echo, end };
}

/** Asks, and says what came of it. */
async function ask(
  simulation: Simulation<NetworkEvent>,
  end: EchoEnd,
  text: string,
): Promise<string> {
  try {
    return await simulation.wait(`ask("${text}")`, end.call("Echo.ask", { text }));
  } catch (error) {
    if (!(error instanceof TimeoutError)) throw error;
    return "timeout";
  }
}

async function askMany(
  simulation: Simulation<NetworkEvent>,
  end: EchoEnd,
  count: number,
): Promise<string[]> {
  return await Promise.all(Array.from({ length: count }, (_, i) => {
    return ask(simulation, end, String(i));
  }));
}

/** Decides every fate by changing the one that was drawn. */
function fates(change: Partial<Fate>): NetworkOptions {
  return { fates: ({ drawn }) => ({ ...drawn, duplicate: undefined, ...change }) };
}

const AT_ONCE = { requestDelayMs: 1, requestDropped: false, replyDelayMs: 1, replyDropped: false };

Deno.test("a hostile, reliable network answers every call in time", async () => {
  using simulation = new Simulation({ seed: 1, clock: "virtual" });
  const { network, echo, end } = makeLab(simulation);
  network.reliable(true);
  const answers = await askMany(simulation, end, 200);
  assertEquals(answers, answers.map((_, i) => `re: ${i}`));
  await simulation.sleep(10_000);
  assert(echo.asked.length > 200, "requests arrive again");
  assertEquals(new Set(echo.asked).size, 200);
  assertEquals(network.getCount("server 0"), 200, "copies do not count");
});

Deno.test("a hostile, unreliable network delivers requests after their callers gave up", async () => {
  using simulation = new Simulation({ seed: 1, clock: "virtual" });
  const { network, echo, end } = makeLab(simulation);
  network.reliable(false);
  const missing: string[] = [];
  for (let i = 0; i < 200; i++) {
    const answer = await ask(simulation, end, String(i));
    if (answer === "timeout" && !echo.asked.includes(String(i))) missing.push(String(i));
  }
  await simulation.sleep(10_000);
  const late = missing.filter((text) => echo.asked.includes(text));
  assert(late.length > 5 && late.length < missing.length, "some came late, and some never");
});

Deno.test("Network.hostile() changes nothing when it is off", async () => {
  const run = async (set: (network: Network) => void) => {
    using simulation = new Simulation({ seed: 3, clock: "virtual" });
    const { network, end } = makeLab(simulation);
    network.reliable(false);
    set(network);
    const answers = await askMany(simulation, end, 100);
    return { answers, digest: simulation.trace.digest };
  };
  const off = (network: Network) => network.hostile(false);
  const hostile = await run(() => {});
  const calm = await run(off);
  assertEquals(await run(off), calm);
  assertEquals(await run(() => {}), hostile);
  assert(hostile.digest !== calm.digest);
});

Deno.test("Network() takes the reply to a duplicate if the reply to the original is lost", async () => {
  const events: NetworkEvent[] = [];
  const listener = (event: NetworkEvent) => void events.push(event);
  using simulation = new Simulation({ seed: 1, clock: "virtual", listener });
  const options = fates({
    ...AT_ONCE,
    replyDropped: true,
    duplicate: { ...AT_ONCE, requestDelayMs: 5 },
  });
  const { echo, end } = makeLab(simulation, options);
  assertEquals(await ask(simulation, end, "a"), "re: a");
  assertEquals(echo.asked, ["a", "a"]);
  assertEquals(
    events.map(({ kind, message }) => [kind, message]),
    [
      ["sent", 0],
      ["duplicated", 1],
      ["delivered", 0],
      ["replied", 0],
      ["dropped", 0],
      ["delivered", 1],
      ["replied", 1],
      ["received", 1],
    ],
  );
});

Deno.test("Network() gives each duplicate arguments of its own, and leaves the caller's alone", async () => {
  using simulation = new Simulation({ seed: 1, clock: "virtual" });
  const { echo, end } = makeLab(simulation, fates({ ...AT_ONCE, duplicate: AT_ONCE }));
  const args = { text: "a" };
  await simulation.wait("ask", end.call("Echo.ask", args));
  await simulation.sleep(50);
  assertEquals(echo.asked, ["a", "a"]);
  assertEquals(args, { text: "a" });
});

Deno.test("Network() drops the second reply if both a request and its duplicate are answered", async () => {
  const drops: NetworkEvent[] = [];
  const listener = (event: NetworkEvent) => void (event.kind === "dropped" && drops.push(event));
  using simulation = new Simulation({ seed: 1, clock: "virtual", listener });
  const { end } = makeLab(simulation, fates({ ...AT_ONCE, requestDelayMs: 9, duplicate: AT_ONCE }));
  assertEquals(await ask(simulation, end, "a"), "re: a");
  await simulation.sleep(50);
  assertEquals(drops, [{ kind: "dropped", message: 0, what: "reply", why: "late" }]);
});

Deno.test("Network() asks for the fate of every call, with its end and its number", async () => {
  const seen: DrawnCall[] = [];
  const see = (call: DrawnCall) => {
    seen.push(call);
    return call.index === 1 ? { ...call.drawn, requestDropped: true } : call.drawn;
  };
  using simulation = new Simulation({ seed: 1, clock: "virtual" });
  const { network, end } = makeLab(simulation, { fates: see });
  network.hostile(false);
  const other = makeEnd<Echo, "Echo">(network, "end 1");
  const answers = [];
  for (const [i, each] of [end, end, other, end].entries()) {
    answers.push(await ask(simulation, each, String(i)));
  }
  assertEquals(seen.map(({ end, index }) => [end, index]), [
    ["end 0", 0],
    ["end 0", 1],
    ["end 1", 0],
    ["end 0", 2],
  ]);
  assertEquals(answers, ["re: 0", "timeout", "re: 2", "re: 3"]);
});

/** The moments of a run at which a call found the server out of reach, in ms. */
async function unreachableMs(options: NetworkOptions, set: (network: Network) => void) {
  const timesMs: number[] = [];
  const listener = (event: NetworkEvent, atMs: number) => {
    if (event.kind === "dropped" && event.why === "unreachable") timesMs.push(atMs);
  };
  using simulation = new Simulation({ seed: 2, clock: "virtual", listener });
  const { network, end } = makeLab(simulation, options);
  network.reliable(false);
  network.flap("end 0", true);
  set(network);
  while (simulation.clock.now() < 10_000) await ask(simulation, end, "?");
  return { timesMs, flaps: network.flapsOf("server 0") };
}

Deno.test("Network.flap() takes a server out of reach for the moments that flapsOf() names", async () => {
  const { timesMs, flaps } = await unreachableMs({}, () => {});
  assert(flaps.length > 1);
  for (const timeMs of timesMs) {
    assert(flaps.some(({ startMs, endMs }) => startMs <= timeMs && timeMs < endMs));
  }
  for (const { startMs, endMs } of flaps) {
    const isMet = timesMs.some((timeMs) => startMs <= timeMs && timeMs < endMs);
    assert(isMet || endMs - startMs < 100, "a long moment is met by some call");
  }
});

Deno.test("Network.flap() leaves a server in reach if the network is reliable or not hostile", async () => {
  const none = { timesMs: [], flaps: [] };
  assertEquals(await unreachableMs({}, (network) => network.reliable(true)), none);
  assertEquals(await unreachableMs({}, (network) => network.hostile(false)), none);
  assertEquals(await unreachableMs({ flaps: () => false }, () => {}), none);
  const { timesMs } = await unreachableMs({}, (network) => network.flap("end 0", false));
  assertEquals(timesMs, []);
});
