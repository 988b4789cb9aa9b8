/**
 * The faults of a hostile network, and the decisions that a test can make about them.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { z } from "zod";
import type { DrawnCall, Network, NetworkOptions } from "../labrpc.ts";
import { EchoLab, NetworkLab } from "./fixture.ts";
import type { Fate } from "./faults.ts";

/** Makes a lab whose network is hostile. */
function hostileLab(options: NetworkOptions & { seed?: number } = {}): EchoLab {
  const lab = new EchoLab(options);
  lab.network.hostile(true);
  return lab;
}

/** Changes every fate that is drawn. */
function fates(change: Partial<Fate>): NetworkOptions {
  return { fates: ({ drawn }) => ({ ...drawn, duplicate: undefined, ...change }) };
}

const AT_ONCE = { requestDelayMs: 1, requestDropped: false, replyDelayMs: 1, replyDropped: false };

Deno.test("a hostile, reliable network answers every call in time", async () => {
  using lab = hostileLab();
  const answers = await lab.askMany(200);
  assertEquals(answers.map(({ reply }) => reply), answers.map((_, i) => `re: ${i}`));
  await lab.sleep(10_000);
  assert(lab.echo.asked.length > 200, "requests arrive again");
  assertEquals(new Set(lab.echo.asked).size, 200);
  assertEquals(lab.network.getCount("server 0"), 200, "duplicates do not count");
});

Deno.test("a hostile, unreliable network delivers requests after their callers gave up", async () => {
  using lab = hostileLab();
  lab.network.reliable(false);
  const missing: string[] = [];
  for (let i = 0; i < 200; i++) {
    const { reply } = await lab.ask(String(i));
    if (reply === undefined && !lab.echo.asked.includes(String(i))) missing.push(String(i));
  }
  await lab.sleep(10_000);
  const late = missing.filter((text) => lab.echo.asked.includes(text));
  assert(late.length > 5 && late.length < missing.length, "some came late, and some never");
});

Deno.test("Network.hostile() changes nothing when it is off", async () => {
  const run = async (isHostile?: boolean) => {
    using lab = new EchoLab({ seed: 3 });
    lab.network.reliable(false);
    if (isHostile !== undefined) lab.network.hostile(isHostile);
    return { answers: await lab.askMany(100), digest: lab.simulation.trace.digest };
  };
  const [calm, hostile] = [await run(), await run(true)];
  assertEquals(await run(false), calm);
  assertEquals(await run(true), hostile);
  assert(hostile.digest !== calm.digest);
});

Deno.test("a caller gets the reply to a duplicate if the reply to the original is lost", async () => {
  const duplicate = { ...AT_ONCE, requestDelayMs: 5 };
  using lab = hostileLab(fates({ ...AT_ONCE, replyDropped: true, duplicate }));
  assertEquals((await lab.ask("a")).reply, "re: a");
  assertEquals(lab.echo.asked, ["a", "a"]);
  assertEquals(
    lab.events.map(({ kind, message }) => `${message} ${kind}`),
    [
      "0 sent",
      "1 duplicated",
      ...["0 delivered", "0 replied", "0 dropped"],
      ...["1 delivered", "1 replied", "1 received"],
    ],
  );
});

Deno.test("each duplicate has its own arguments, and the caller's stay unchanged", async () => {
  class Eraser {
    static readonly rpc = { erase: { args: z.object({ text: z.string() }), reply: z.string() } };
    readonly asked: string[] = [];
    erase(args: { text: string }): string {
      this.asked.push(args.text);
      return args.text = "";
    }
  }
  using lab = new NetworkLab<Eraser, "Eraser">(
    new Eraser(),
    fates({ ...AT_ONCE, duplicate: AT_ONCE }),
  );
  const args = { text: "a" };
  await lab.wait(lab.end.call("Eraser.erase", args));
  await lab.sleep(50);
  assertEquals(lab.handler.asked, ["a", "a"]);
  assertEquals(args, { text: "a" });
});

Deno.test("the second reply is dropped if both a request and its duplicate are answered", async () => {
  using lab = hostileLab(fates({ ...AT_ONCE, requestDelayMs: 9, duplicate: AT_ONCE }));
  assertEquals((await lab.ask("a")).reply, "re: a");
  await lab.sleep(50);
  assertEquals(lab.events.filter(({ kind }) => kind === "dropped"), [
    { kind: "dropped", message: 0, what: "reply", why: "late" },
  ]);
});

Deno.test("a test can decide the fate of every call by its end and its number", async () => {
  const seen: string[] = [];
  const see = ({ end, index, drawn }: DrawnCall) => {
    seen.push(`${end}: ${index}`);
    return index === 1 ? { ...drawn, requestDropped: true } : drawn;
  };
  using lab = new EchoLab({ fates: see });
  const other = lab.makeEnd("end 1");
  const replies = [];
  for (const end of [lab.end, lab.end, other, lab.end]) {
    replies.push((await lab.ask("a", end)).reply);
  }
  assertEquals(seen, ["end 0: 0", "end 0: 1", "end 1: 0", "end 0: 2"]);
  assertEquals(replies, ["re: a", undefined, "re: a", "re: a"]);
});

/** Returns the times in a run at which a call could not reach the server, in ms. */
async function unreachableMs(set: (network: Network) => void, options: NetworkOptions = {}) {
  using lab = hostileLab({ ...options, seed: 2 });
  const { network, simulation } = lab;
  network.reliable(false);
  network.flap("end 0", true);
  set(network);
  while (simulation.clock.now() < 10_000) await lab.ask("?");
  return { timesMs: lab.unreachableMs, flaps: network.flapsOf("server 0") };
}

Deno.test("Network.flap() cuts a server off in the moments that flapsOf() returns", async () => {
  const { timesMs, flaps } = await unreachableMs(() => {});
  assert(flaps.length > 1);
  for (const timeMs of timesMs) {
    assert(flaps.some(({ startMs, endMs }) => startMs <= timeMs && timeMs < endMs));
  }
  for (const { startMs, endMs } of flaps) {
    const isMet = timesMs.some((timeMs) => startMs <= timeMs && timeMs < endMs);
    assert(isMet || endMs - startMs < 100, "some call falls into each long moment");
  }
});

Deno.test("Network.flap() cuts no server off if the network is reliable or not hostile", async () => {
  const none = { timesMs: [], flaps: [] };
  assertEquals(await unreachableMs((network) => network.reliable(true)), none);
  assertEquals(await unreachableMs((network) => network.hostile(false)), none);
  assertEquals(await unreachableMs(() => {}, { flaps: () => false }), none);
  const { timesMs } = await unreachableMs((network) => network.flap("end 0", false));
  assertEquals(timesMs, []);
});
