import { assertEquals } from "@std/assert";
import { Simulation } from "../sim/mod.ts";
import { PlainMachines } from "./plain_machines.ts";

class DrawingClerk {
  async get(): Promise<string> {
    const first = Math.random();
    await new Promise((resolve) => setTimeout(resolve, 5));
    return `${first} ${Math.random()} ${crypto.randomUUID()}`;
  }
  put() {}
  append() {}
}

/** Returns what each of some clerks draws. */
async function drawsOf(ids: readonly number[]): Promise<Map<number, unknown>> {
  using simulation = new Simulation({ seed: 7, clock: "virtual" });
  const machines = new PlainMachines({
    server: () => ({}),
    client: () => ({ Clerk: DrawingClerk }),
  });
  const { clock, random } = simulation;
  machines.begin({ clock, random, busyWait() {} });
  const drawn = new Map<number, unknown>();
  await Promise.all(ids.map((id) => {
    const clerk = machines.clerk(id, { nservers: 1, nreplicas: 1 }, []);
    return simulation.wait(
      "a draw",
      new Promise<void>((resolve, reject) => {
        clerk.start({ op: "get", key: "0" }, {
          resolve(value) {
            drawn.set(id, value);
            resolve();
          },
          reject,
        });
      }),
    );
  }));
  return drawn;
}

Deno.test("PlainMachines gives a clerk the same chance when others draw as well", async () => {
  const alone = await drawsOf([3]);
  const among = await drawsOf([0, 3, 1]);
  assertEquals(among.get(3), alone.get(3));
  assertEquals(new Set(among.values()).size, 3);
});
