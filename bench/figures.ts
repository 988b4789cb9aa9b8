/**
 * `deno task figures` measures the cost of the seven tests and of calls on this machine, and the
 * memory of one process that runs many seeds.
 *
 * @module
 */

import { cpuUsage } from "node:process";
import { z } from "zod";
import { EXIT_STATUS, main } from "../cli/mod.ts";
import { Network, Server, Service } from "../labrpc.ts";
import { Simulation } from "../sim/mod.ts";
import { type LabTest, labTests } from "../testing/lab_tests.ts";
import { foldTraceEvent } from "../testing/trace_event.ts";

/** The amounts to measure. */
export interface Amounts {
  /** The number of seeds of the seven tests in one process. */
  seeds: number;
  /** The numbers of calls, each measured separately. */
  calls: readonly number[];
}

const AMOUNTS: Amounts = { seeds: 200, calls: [10_000, 100_000, 1_000_000] };

/** The arguments that a clerk would send. */
const SMALL_ARGS = { key: "3", value: "x 3 17 y", clerk: "3f0b2c1d", seq: 17 };

const Args = z.object({ key: z.string(), value: z.string(), clerk: z.string(), seq: z.number() });
type Args = z.infer<typeof Args>;

const CLERKS = 5;
/** The number of calls that one wait of the simulation covers. */
const BATCH = 1000;

class Echo {
  static readonly rpc = { put: { args: Args, reply: z.object({ value: z.string() }) } };

  put(_args: Args): { value: string } {
    return { value: "" };
  }
}

/** Makes calls through the simulated network to a server that does nothing. */
async function roundTrips(calls: number, args: Args): Promise<void> {
  using simulation = new Simulation({ seed: 1, clock: "virtual", fold: foldTraceEvent });
  const network = new Network(simulation);
  const server = new Server();
  server.addService(new Service(new Echo()));
  network.addServer("server", server);
  await Promise.all(Array.from({ length: CLERKS }, async (_, i) => {
    const end = network.makeEnd<Echo, "Echo">(`clerk ${i}`);
    network.connect(`clerk ${i}`, "server");
    network.enable(`clerk ${i}`, true);
    for (let left = calls / CLERKS; left > 0; left -= BATCH) {
      const batch = async () => {
        for (let n = Math.min(BATCH, left); n > 0; n--) await end.call("Echo.put", args);
      };
      await simulation.wait("a batch of round trips", batch());
    }
  }));
}

/** Returns the memory in use, in MB. */
function memoryMb(): number {
  return Deno.memoryUsage().rss / 1e6;
}

async function costMs(run: () => Promise<void>): Promise<{ cpuMs: number; realMs: number }> {
  const [cpu, realMs] = [cpuUsage(), performance.now()];
  await run();
  const { user, system } = cpuUsage(cpu);
  return { cpuMs: (user + system) / 1000, realMs: performance.now() - realMs };
}

async function runSeed(tests: readonly LabTest[], seed: number): Promise<void> {
  for (const { name, run } of tests) {
    try {
      await run({ name, run: { seed, clock: "virtual", network: "unreliable" } });
    } catch (error) {
      throw new Error(`${name} failed with seed ${seed}`, { cause: error });
    }
  }
}

/** Measures everything, and prints it line by line. */
export async function measure({ seeds, calls }: Amounts, print: (line: string) => void) {
  const { log } = console;
  await import("../test_test.ts");
  try {
    console.log = () => {};
    const once = await costMs(() => runSeed(labTests, 1));
    print(
      `the seven tests, once, cold:   ${(once.cpuMs / 1000).toFixed(2)} s CPU, ` +
        `${memoryMb().toFixed(0)} MB`,
    );

    const memory: string[] = [];
    const { realMs } = await costMs(async () => {
      for (let seed = 1; seed <= seeds; seed++) {
        await runSeed(labTests, seed);
        if (seed % Math.ceil(seeds / 5) === 0) memory.push(`${memoryMb().toFixed(0)} MB`);
      }
    });
    print(
      `${seeds} seeds of the seven tests:  no failure, ` +
        `${(realMs / seeds).toFixed(0)} ms a seed, memory on the way ${memory.join(", ")}`,
    );
  } finally {
    console.log = log;
  }

  for (const count of calls) {
    const { realMs } = await costMs(() => roundTrips(count, SMALL_ARGS));
    print(
      `${count.toLocaleString("en").padStart(9)} calls, ${CLERKS} clerks:    ` +
        `${(realMs / count * 1000).toFixed(2)} µs a call`,
    );
  }
  const large = { ...SMALL_ARGS, value: "x".repeat(100_000) };
  const count = Math.min(2000, Math.max(...calls));
  const cost = await costMs(() => roundTrips(count, large));
  print(`calls with 100 KB:             ${(cost.realMs / count * 1000).toFixed(0)} µs a call`);
}

/** The command. */
export const figuresCommand = {
  name: "figures",
  summary: "Prints the cost of the tests and of calls on this machine.",
  options: z.strictObject({}),
  async run() {
    await measure(AMOUNTS, console.log);
    return EXIT_STATUS.ok;
  },
};

if (import.meta.main) await main(figuresCommand);
