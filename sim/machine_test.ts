import { assertEquals } from "@std/assert";
import { delay } from "@std/async";
import { chanceOf, type MachineTimer, type TimerListener, withChance } from "./machine.ts";
import { Simulation } from "./simulation.ts";

Deno.test("a listener sees the timers of machines, and no other timer", async () => {
  const seen: string[] = [];
  const see = (what: string) => ({ machine, dueMs }: MachineTimer) => {
    seen.push(`${what}: ${machine}, due at ${dueMs}`);
  };
  const timers: TimerListener = { set: see("set"), ran: see("ran"), cleared: see("cleared") };
  using simulation = new Simulation({ seed: 1, clock: "virtual", timers });
  const chance = chanceOf(simulation.random, "server 0");
  await delay(1);
  withChance(chance, () => {
    clearTimeout(setTimeout(() => {}, 7));
    setTimeout(() => seen.push("the code of server 0"), 3);
  });
  await delay(10);
  assertEquals(seen, [
    "set: server 0, due at 8",
    "cleared: server 0, due at 8",
    "set: server 0, due at 4",
    "ran: server 0, due at 4",
    "the code of server 0",
  ]);
});
