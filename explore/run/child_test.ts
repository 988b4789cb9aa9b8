import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { layOver } from "../overlay.ts";
import { mayRunProcesses } from "../../grader/permissions.ts";
import { edit, LAB, MISTAKES, runTask } from "../command_fixture.ts";

const ignore = !mayRunProcesses;
const ONE_KEY = "--test=TestUnreliableOneKey";
const CLERK = "export class Clerk {";

/** A copy of the lab, whose processes are told from others by its path. */
async function makeLab(atTop = "") {
  const lab = await layOver(LAB);
  await edit(
    lab.path,
    { file: "client.ts", from: CLERK, to: `${atTop}\n${CLERK}` },
    { file: "explore/run/child.ts", from: "READY_MS = 10_000", to: "READY_MS = 2000" },
    { file: "explore/run/runner.ts", from: "SILENCE_MS = 5000", to: "SILENCE_MS = 500" },
    { file: "explore/counterexample/search.ts", from: "SILENCE_MS = 1000", to: "SILENCE_MS = 300" },
  );
  return lab;
}

/** The processes that run something in a folder. */
async function processesIn(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const command = await Deno.readTextFile(`/proc/${name}/cmdline`).catch(() => "");
    if (command.includes(folder)) found.push(command.replaceAll("\0", " "));
  }
  return found;
}

/** Waits until a condition holds, for up to ten seconds. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 100 && !await holds(); i++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

Deno.test("explore and replay end a run that never lets go, and leave no process behind", {
  ignore: ignore || Deno.build.os !== "linux",
}, async () => {
  await using lab = await makeLab();
  await edit(lab.path, ...MISTAKES.hangs);
  const { status, out } = await runTask(["explore", ONE_KEY, "--seeds=12"], lab.path);
  assertEquals(status, 1);
  assertEquals(await processesIn(lab.path), []);
  assertStringIncludes(out, "TestUnreliableOneKey never let go of the processor\n");
  const [, ended] = out.match(/(\d+) of its runs never came to an end, and were ended/)!;
  assert(Number(ended) < 10, "the others are left out");
  assertMatch(out, /─ 3 append seq=3 /, "the story shows what came before");
  assertStringIncludes(out, "server 0 never let go of the processor while it handled request 3");

  const [, seed] = out.match(/failed first with seed (\d+)/)!;
  const replayed = await runTask(["replay", ONE_KEY, `--seed=${seed}`, "--json=-"], lab.path);
  assertEquals(replayed.status, 1);
  assertEquals(await processesIn(lab.path), []);
  const { passed, digest, message } = JSON.parse(replayed.out);
  assertEquals([passed, digest], [false, null]);
  assertStringIncludes(message, "TestUnreliableOneKey never let go of the processor\n");
});

Deno.test("a signal leaves no process behind when the submission loops while it is loaded", {
  ignore: ignore || Deno.build.os !== "linux",
}, async () => {
  await using lab = await makeLab("while (true);");
  for (const [signal, status] of [["SIGTERM", 143], ["SIGINT", 130]] as const) {
    const explore = new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-prompt", "-A", "explore/explore.ts", ONE_KEY],
      cwd: lab.path,
      stdout: "null",
      stderr: "null",
    }).spawn();
    await until(async () => (await processesIn(lab.path)).length > 0);
    explore.kill(signal);
    assertEquals((await explore.status).code, status);
    await until(async () => (await processesIn(lab.path)).length === 0);
    assertEquals(await processesIn(lab.path), []);
  }
});

Deno.test("explore says in one line why the process of a submission never got ready", {
  ignore,
}, async () => {
  const cases: [string, RegExp][] = [
    ["Deno.exit();", /client\.ts or server\.ts calls Deno\.exit\(\) while it is loaded/],
    ["self.close();", /client\.ts or server\.ts calls close\(\) while it is loaded/],
    ["while (true);", /not ready after 2 s: expected client\.ts and server\.ts to load at once/],
    ["await new Promise(() => {});", /not ready after 2 s/],
    ["await new Promise(() => setInterval(() => {}, 99));", /not ready after 2 s/],
    ["queueMicrotask(() => { throw new Error('boom'); });", /Error: boom at client\.ts:\d+:\d+$/],
  ];
  for (const [atTop, reason] of cases) {
    await using lab = await makeLab(atTop);
    const { status, err } = await runTask(["explore", ONE_KEY, "--seeds=1"], lab.path);
    assertEquals(status, 2, err);
    assertMatch(err.trimEnd(), /^explore: Cannot load the tests with these files: .*$/);
    assertMatch(err.trimEnd(), reason);
  }
});

Deno.test("explore reads its messages between what a submission writes by itself", {
  ignore,
}, async () => {
  const noise = 'Deno.stdout.writeSync(new TextEncoder().encode("{}\\nno line"));';
  await using lab = await makeLab(noise);
  const from = "return await this.#ask";
  await edit(lab.path, { file: "client.ts", from, to: `${noise}\n${from}` });
  const { status, out } = await runTask(["explore", ONE_KEY, "--seeds=3"], lab.path);
  assertEquals(status, 0, out);
  assertMatch(out, /TestUnreliableOneKey +3 +0/);
});
