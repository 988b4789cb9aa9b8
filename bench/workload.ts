/**
 * The workload of the benchmarks: round trips through the simulated network, with
 * nothing behind it.
 *
 * @module
 */

import { z } from "zod";
import { Network, Server, Service } from "../labrpc.ts";
import { foldTraceEvent } from "../testing/trace_event.ts";
import { Simulation } from "../sim/mod.ts";

/** Arguments as a clerk would send them. */
export const SMALL_ARGS = { key: "3", value: "x 3 17 y", clerk: "3f0b2c1d", seq: 17 };

const Args = z.object({ key: z.string(), value: z.string(), clerk: z.string(), seq: z.number() });
type Args = z.infer<typeof Args>;

/** The number of calls between two signs of progress. */
const BATCH = 1000;

class Echo {
  static readonly rpc = { put: { args: Args, reply: z.object({ value: z.string() }) } };

  put(_args: Args): { value: string } {
    return { value: "" };
  }
}

/** Makes calls, several clerks at a time.
 *
 * @param calls The number of calls in all.
 * @param args The arguments of each call.
 * @param clerks The number of calls under way at any time.
 */
export async function roundTrips(calls: number, args: Args, clerks = 5): Promise<void> {
  using simulation = new Simulation({ seed: 1, clock: "virtual", fold: foldTraceEvent });
  const network = new Network(simulation);
  const server = new Server();
  server.addService(new Service(new Echo()));
  network.addServer("server", server);
  await Promise.all(Array.from({ length: clerks }, async (_, i) => {
    const end = network.makeEnd<Echo, "Echo">(`clerk ${i}`);
    network.connect(`clerk ${i}`, "server");
    network.enable(`clerk ${i}`, true);
    for (let left = calls / clerks; left > 0; left -= BATCH) {
      const batch = async () => {
        for (let n = Math.min(BATCH, left); n > 0; n--) await end.call("Echo.put", args);
      };
      await simulation.wait("a batch of round trips", batch());
    }
  }));
}
