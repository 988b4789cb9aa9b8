import { assertEquals } from "@std/assert";
import { LoopCounters } from "./loop_counters.ts";

const CLIENT = `import { delay as wait } from "@std/async";
import type { Nothing } from "./server.ts";
import * as server from "./server.ts";
export class Clerk {
  constructor(private servers: unknown[]) {}
  async get(key: string): Promise<string> {
    const c = [0];
    do ; while (key === "never");
    for (let i = 0; i < 9_999; i++);
    for (let i = 0; i < 20_000; i++) {
      for (const _ of this.servers) await null;
      for (const m of c) if (typeof wait !== "function" || m !== 0) return "changed";
    }
    return server.VALUE as string satisfies string;
  }
  put() {}
  append() {}
}
`;

Deno.test("LoopCounters finds the outermost of the loops that never end", async () => {
  const files = { "client.ts": CLIENT, "server.ts": "" };
  const loops = new LoopCounters(files, { "./server.ts": { VALUE: "done" } });
  const clerk = (await loops.machines).clerk(0, { nservers: 1, nreplicas: 1 }, [() => {}]);
  const result = new Promise((resolve, reject) => {
    clerk.start({ op: "get", key: "0" }, { resolve, reject });
  });
  assertEquals(await result, "done");
  assertEquals(loops.place, "client.ts:10");
  loops.reset();
  assertEquals(loops.place, undefined);
});
