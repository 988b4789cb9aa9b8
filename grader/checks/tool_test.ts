import { assertEquals, assertRejects } from "@std/assert";
import { stub } from "@std/testing/mock";
import { NotGradedError } from "../judge/run.ts";
import { mayRunProcesses } from "../../cli/permissions_fixture.ts";
import { askTool, runTool, type ToolEnd } from "./tool.ts";

const fine: ToolEnd = { code: 0, signal: null, stdout: "yes", stderr: "" };
const crashed: ToolEnd = { code: 134, signal: "SIGABRT", stdout: "", stderr: "stack overflow" };

/** Asks a tool whose runs end in these ways. */
async function ask(ends: ToolEnd[], works = true) {
  const asked = await askTool({
    run: () => Promise.resolve(ends.shift()!),
    read: ({ stdout }) => stdout === "" ? undefined : stdout,
    works: () => Promise.resolve(works),
  });
  return "answer" in asked ? asked : { failure: asked.failure };
}

Deno.test("askTool() asks again when a tool ends without an answer", async () => {
  assertEquals(await ask([crashed, fine]), { answer: "yes" });
});

Deno.test("askTool() blames a submission that crashes a working tool", async () => {
  assertEquals(await ask([crashed, crashed]), { failure: "crashed (SIGABRT)" });
});

Deno.test("askTool() blames the machine when the tool also fails on correct files", async () => {
  const full: ToolEnd = { ...crashed, signal: null, code: 1, stderr: "No space left on device" };
  await assertRejects(() => ask([full, full], false), NotGradedError, "No space left on device");
});

for (const signal of ["SIGKILL", "SIGTERM", "SIGHUP"] as const) {
  Deno.test(`askTool() blames the machine when ${signal} ends the tool twice`, async () => {
    const killed: ToolEnd = { ...crashed, signal };
    await assertRejects(() => ask([killed, killed]), NotGradedError, signal);
  });
}

Deno.test("askTool() blames a submission that needs too much time or memory", async () => {
  assertEquals(await ask([{ ...crashed, signal: "SIGXCPU" }]), {
    failure: "took too much processor time",
  });
  const stderr = "# Fatal JavaScript out of memory: Ineffective mark-compacts near heap limit";
  assertEquals(await ask([{ ...crashed, stderr }]), { failure: "needed more than 2048 MB" });
});

Deno.test("runTool() ends a tool after its processor time", {
  ignore: !mayRunProcesses || Deno.build.os === "windows",
}, async () => {
  // The real deadline would come first on a busy machine.
  using _deadline = stub(AbortSignal, "timeout", () => new AbortController().signal);
  const { signal } = await runTool(["eval", "for (;;);"], { folder: ".", cpuSecondsMax: 1 });
  assertEquals(signal, "SIGXCPU");
});
