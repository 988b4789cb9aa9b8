import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { exists } from "@std/fs/exists";
import { layOver } from "../overlay.ts";
import {
  CLERK,
  type Edit,
  edit,
  LAB,
  makeSubmission,
  MISTAKES,
  processTest,
  runTask,
} from "../command_fixture.ts";
import { findTest, openLab } from "./lab.ts";
import { Runner } from "./runner.ts";

/** Processes are looked up where they are files. */
const linuxTest = Deno.build.os === "linux" ? processTest : () => {};
const ONE_KEY = "--test=TestUnreliableOneKey";

function atTop(line: string): Edit {
  return { file: "client.ts", from: CLERK, to: `${line}\n${CLERK}` };
}

/** Returns the programs in a folder that processes run. */
async function programsIn(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const words = await Deno.readTextFile(`/proc/${name}/cmdline`).catch(() => "");
    found.push(...words.split("\0").filter((word) => word.includes(folder)));
  }
  return found;
}

/** Waits until a condition holds, for up to ten seconds. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 100 && !await holds(); i++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

linuxTest(
  "explore ends a run that never yields, and leaves no process behind",
  async () => {
    await using submission = await makeSubmission(...MISTAKES.hangs);
    const args = ["explore", ONE_KEY, "--seeds=1", `--submission=${submission.path}`];
    const { status, out } = await runTask(args, { silenceMs: 500 });
    assertEquals(status, 1);
    assertMatch(
      out,
      /TestUnreliableOneKey never let go of the processor\n +where: +server\.ts:\d+\n/,
    );
    assertStringIncludes(out, "1 of its runs never ended, and were killed");
    assertMatch(out, /─ 3 append seq=3 /, "the story shows what came before");
    assertStringIncludes(out, "server 0 never let go of the processor while it handled request 3");
    // The processes are gone, and so are the copies of the lab in which they ran.
    const leftBehind = async () => {
      const programs = await programsIn(`kvlab-${Deno.pid}-`);
      const isThere = await Promise.all(programs.map((program) => exists(program)));
      return programs.filter((_, i) => !isThere[i]);
    };
    await until(async () => (await leftBehind()).length === 0);
    assertEquals(await leftBehind(), []);
  },
);

linuxTest(
  "a signal leaves no process behind when the submission loops while it is loaded",
  async () => {
    await using lab = await layOver(LAB);
    await edit(lab.path, atTop("while (true);"));
    for (const [signal, status] of [["SIGTERM", 143], ["SIGINT", 130]] as const) {
      const explore = new Deno.Command(Deno.execPath(), {
        args: ["run", "--no-prompt", "-A", "explore/explore.ts", ONE_KEY],
        cwd: lab.path,
        stdout: "null",
        stderr: "null",
      }).spawn();
      await until(async () => (await programsIn(lab.path)).length > 0);
      explore.kill(signal);
      assertEquals((await explore.status).code, status);
      await until(async () => (await programsIn(lab.path)).length === 0);
      assertEquals(await programsIn(lab.path), []);
    }
  },
);

processTest(
  "explore says in one line why the process of a submission was never ready",
  async () => {
    const cases: [line: string, reason: RegExp][] = [
      ["Deno.exit();", /client\.ts or server\.ts calls Deno\.exit\(\) while it is loaded/],
      ["self.close();", /client\.ts or server\.ts calls close\(\) while it is loaded/],
      [
        "while (true);",
        /not ready after 0.75 s: expected client\.ts and server\.ts to load immediately/,
      ],
      ["await new Promise(() => {});", /not ready after 0.75 s/],
      ["queueMicrotask(() => { throw new Error('boom'); });", /Error: boom at client\.ts:\d+:\d+$/],
    ];
    for (const [line, reason] of cases) {
      await using submission = await makeSubmission(atTop(line));
      const args = ["explore", ONE_KEY, "--seeds=1", `--submission=${submission.path}`];
      const isSlow = reason.source.startsWith("not ready");
      const { status, err } = await runTask(args, isSlow ? { readyMs: 750 } : {});
      assertEquals(status, 2, err);
      assertMatch(err.trimEnd(), /^explore: Cannot load the tests with these files: .*$/);
      assertMatch(err.trimEnd(), reason);
    }
  },
);

processTest("a run can write to the standard output beside its messages", async () => {
  const noise = 'Deno.stdout.writeSync(new TextEncoder().encode("{}\\nno line"));';
  const from = "return await this.#ask";
  await using submission = await makeSubmission({
    file: "client.ts",
    from,
    to: `${noise}\n${from}`,
  });
  await using lab = await openLab(submission.path);
  using runner = new Runner(lab.url);
  const test = findTest("TestUnreliableOneKey", await runner.tests);
  const { failure, summary } = await runner.run({ test, seed: 1, network: "unreliable" });
  assertEquals(failure, undefined);
  assert(summary!.rpcs > 0);
});
