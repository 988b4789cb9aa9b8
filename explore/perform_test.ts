import { assertEquals } from "@std/assert";
import { HINTS } from "../testing/hints.ts";
import { perform } from "./perform.ts";
import { countsOf, type Script } from "./script.ts";
import { crowdsFor, scriptsFor } from "./sought.ts";

const NETWORKS = ["unreliable", "hostile"] as const;
/** One script in so many is performed: there are some forty thousand. */
const STRIDE = 499;

async function expectNoViolation(script: Script): Promise<void> {
  const { violations } = await perform(script);
  assertEquals(violations, [], JSON.stringify(script));
}

for (const network of NETWORKS) {
  Deno.test(`perform() finds nothing wrong with the solution, on scripts for the ${network} network`, async () => {
    let place = 0;
    for (const script of scriptsFor({ isSharded: true, network, hint: HINTS.lost })) {
      if (place++ % STRIDE === 0) await expectNoViolation(script);
    }
  });
}

Deno.test("scripts for a test on a reliable network lose no message, and the solution passes them", async () => {
  const sought = { isSharded: true, network: "unreliable", hint: HINTS.executedTwice } as const;
  let place = 0;
  for (const script of scriptsFor({ ...sought, isReliable: true })) {
    const operations = script.scenes.flatMap(({ clerks }) => clerks.flat());
    const faults = operations.flatMap(({ faults = [] }) => faults.filter(Boolean));
    assertEquals([faults, script.forwardFaults ?? []], [[], []]);
    const isCut = script.scenes.some(({ stopAfterMs }) => stopAfterMs !== undefined);
    if (isCut || place++ % STRIDE === 0) await expectNoViolation(script);
  }
});

Deno.test("perform() finds nothing wrong with the solution, on large scripts and even shares", async () => {
  const sought = { isSharded: true, network: "unreliable", hint: HINTS.uneven } as const;
  for (const script of scriptsFor(sought)) await expectNoViolation(script);
  for (const script of crowdsFor(sought).take(40)) await expectNoViolation(script);
});

Deno.test("perform() does to requests what the script says", async () => {
  const request = { op: "append", key: "0", value: "x 0 0 y" } as const;
  const faults = ["reply lost", "request lost", undefined, "request lost"] as const;
  const script: Script = {
    nservers: 2,
    nreplicas: 2,
    scenes: [
      { clerks: [[{ ...request, faults }]] },
      { stop: [0], clerks: [[{ op: "get", key: "0" }]] },
    ],
  };
  const seen: string[] = [];
  const { violations, operations } = await perform(script, {
    listener: (event) => {
      if (event.kind === "dropped") seen.push(`${event.what} ${event.why}`);
    },
  });
  assertEquals(violations, []);
  assertEquals(operations.map(({ output }) => output), ["", "x 0 0 y"]);
  assertEquals(seen, ["reply lost", "request lost", "request unreachable"]);
  assertEquals(countsOf(script), { clerks: 1, servers: 2, operations: 2, faults: 4 });
});
