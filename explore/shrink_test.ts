import { assertEquals } from "@std/assert";
import type { Script, ScriptedOperation } from "./script.ts";
import { shrink } from "./shrink.ts";

function append(value: string, ...faults: ScriptedOperation["faults"] & object): ScriptedOperation {
  return { op: "append", key: "0", value, faults };
}

const LARGE: Script = {
  nservers: 3,
  nreplicas: 2,
  scenes: [
    { clerks: [[append("a", "reply lost"), append("b")], [append("c", "request lost")]] },
    { stop: [0, 1], clerks: [[append("d")], [], [append("e", "reply lost", "reply lost")]] },
  ],
  forwardFaults: [{ from: 1, to: 0, index: 0, fault: "reply lost" }],
};

/** The values that a script writes. */
function values({ scenes }: Script): string[] {
  return scenes.flatMap(({ clerks }) => clerks.flat().map(({ value }) => value!));
}

Deno.test("shrink() leaves what alone makes a script fail", async () => {
  const small = await shrink(LARGE, (script) => Promise.resolve(values(script).includes("e")));
  assertEquals(small.scenes, [{ clerks: [[{ op: "append", key: "0", value: "e" }]] }]);
  assertEquals(small.forwardFaults, []);
});

Deno.test("shrink() keeps operations, faults and outages that are needed together", async () => {
  const small = await shrink(LARGE, (script) => {
    const [faulty] = script.scenes.flatMap(({ clerks }) => clerks.flat())
      .filter(({ value }) => value === "e");
    const isDown = script.scenes.some(({ stop = [] }) => stop.includes(1));
    const isNeeded = values(script).includes("a") && isDown &&
      faulty?.faults?.[1] === "reply lost" && script.forwardFaults?.length === 1;
    return Promise.resolve(isNeeded);
  });
  assertEquals(values(small), ["a", "e"]);
  assertEquals(small.scenes[1], {
    stop: [1],
    clerks: [[], [{ ...append("e"), faults: [undefined, "reply lost"] }]],
  });
  assertEquals(small.scenes[0]!.clerks[0], [{ op: "append", key: "0", value: "a" }]);
});

Deno.test("shrink() gives the script back, when nothing can be taken away", async () => {
  const script: Script = { nservers: 1, nreplicas: 1, scenes: [{ clerks: [[append("a")]] }] };
  assertEquals(await shrink(script, () => Promise.resolve(false)), script);
});
