import { assert, assertEquals } from "@std/assert";
import { Flapping } from "./flapping.ts";
import { Random } from "../sim/random.ts";

const END_MS = 60_000;

Deno.test("Flapping.isOut() agrees with until(), whatever was asked before", () => {
  const flapping = new Flapping(new Random(3));
  const flaps = flapping.until("server 0", END_MS);
  assert(flaps.length > 10);
  for (const { startMs, endMs } of flaps.toReversed()) {
    assertEquals(
      [startMs - 1e-6, startMs, endMs - 1e-6, endMs].map((ms) => flapping.isOut("server 0", ms)),
      [false, true, true, false],
    );
  }
});

Deno.test("Flapping.until() has each server's own moments, of which some may be refused", () => {
  const flapping = new Flapping(new Random(3));
  const [zero, one] = ["server 0", "server 1"].map((server) => flapping.until(server, END_MS));
  assert(JSON.stringify(zero) !== JSON.stringify(one));
  assertEquals(flapping.until("server 0", zero![2]!.startMs), zero!.slice(0, 3));

  const third = zero![2]!;
  const allowed = new Flapping(new Random(3), (server, { startMs }) => {
    return server === "server 0" && startMs !== third.startMs;
  });
  assertEquals(allowed.until("server 0", END_MS), zero!.toSpliced(2, 1));
  assertEquals(allowed.until("server 1", END_MS), []);
  assertEquals(allowed.isOut("server 0", third.startMs), false);
});
