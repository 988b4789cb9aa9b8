import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { copy } from "@std/fs/copy";
import { runInProcess } from "../cli/command_fixture.ts";
import { gradeCommand } from "./grade.ts";
import { BOTH, zip } from "./take/folder_fixture.ts";
import { mayRunProcesses } from "./permissions.ts";
import { summaryOf } from "./reports/markdown.ts";
import { GradeReport } from "./result/result.ts";

const ignore = !mayRunProcesses;
const lab = new URL("../", import.meta.url);

Deno.test("grade shows the compiler's message and gives no point when types are wrong", {
  ignore,
}, async () => {
  const folder = await Deno.makeTempDir();
  try {
    for (const file of ["client.ts", "server.ts"]) {
      await Deno.copyFile(new URL(file, lab), `${folder}/${file}`);
    }
    await Deno.writeTextFile(`${folder}/client.ts`, "\nconst n: number = '';\n", { append: true });
    await Deno.writeTextFile(`${folder}/late.txt`, "seven");
    const rubric = { parts: [{ name: "Part", tests: { TestBasic: 100 } }] };
    await Deno.writeTextFile(`${folder}/rubric.json`, JSON.stringify(rubric));
    const options = ["--seeds=1", `--rubric=${folder}/rubric.json`];
    const { status, out } = await runInProcess(gradeCommand, [folder, ...options]);
    assertEquals(status, 1);
    assertMatch(out, /client\.ts:\d+: TS2322/);
    assertMatch(out, /Total: 0 of 100 points/);
    assertMatch(out, /Note: late\.txt holds "seven"; expected a whole number from 0 to 9/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("grade explains failed tests of a folder inside each submission", {
  ignore,
}, async () => {
  const folder = await Deno.makeTempDir({ prefix: "kvlab-" });
  try {
    await copy(new URL("corpus/no_retry", lab), `${folder}/ada/lab`);
    const part = { name: "Part", requires: [], tests: { TestBasic: 20, TestUnreliable: 80 } };
    await Deno.writeTextFile(`${folder}/rubric.json`, JSON.stringify({ parts: [part] }));
    const options = ["--root=lab", "--seeds=1", "--fresh", "--explain", "--json=-"];
    options.push(`--rubric=${folder}/rubric.json`);
    const html = `--html=${folder}/page.html`;
    const { out } = await runInProcess(gradeCommand, [folder, ...options, html]);
    const { submissions: [ada] } = GradeReport.parse(JSON.parse(out));
    assertEquals([ada!.submission, ada!.score], ["ada", 20]);
    for (const { passed, story } of ada!.tests) assertEquals(story === undefined, passed);
    const { story } = ada!.tests.find(({ name }) => name === "TestUnreliable")!;
    assertMatch(story![0]!, /^The smallest run that fails in this way: 1 clerk, 1 server/);
    const page = await Deno.readTextFile(`${folder}/page.html`);
    assertStringIncludes(page, "<pre>The smallest run that fails in this way");
    assertStringIncludes(summaryOf({ submissions: [ada!] }), "The smallest run that fails");
    const flat = await runInProcess(gradeCommand, [folder, "--root=../lab"]);
    assertEquals(flat.status, 2);
    assertMatch(flat.err, /expected a folder inside each submission/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/** The processes below one, however deep. */
async function descendants(root: number): Promise<number[]> {
  const { stdout } = await new Deno.Command("ps", { args: ["-eo", "pid=,ppid="] }).output();
  const pairs = new TextDecoder().decode(stdout).trim().split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number) as [pid: number, parent: number]);
  const found = [root];
  for (const parent of found) {
    found.push(...pairs.filter(([, each]) => each === parent).map(([pid]) => pid));
  }
  return found.slice(1);
}

Deno.test("grade gives no verdict when the machine ends the judge", {
  ignore: ignore || Deno.build.os !== "linux",
}, async () => {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "grade", "corpus/terse", "--seeds=100", "--fresh", "--json=-"],
    cwd: lab,
    env: { NO_COLOR: "1" },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const killer = setInterval(async () => {
    for (const pid of await descendants(child.pid)) {
      const command = await Deno.readTextFile(`/proc/${pid}/cmdline`).catch(() => "");
      if (command.includes("judge/judge.ts")) Deno.kill(pid, "SIGKILL");
    }
  }, 200);
  try {
    const { code, stdout, stderr } = await child.output();
    const { submissions: [result] } = GradeReport.parse(
      JSON.parse(new TextDecoder().decode(stdout)),
    );
    assertEquals(code, 2);
    assertMatch(result!.notGraded!, /SIGKILL ended it$/);
    assertMatch(
      new TextDecoder().decode(stderr),
      /^grade: This machine could not grade 1 of 1 submissions, which says nothing about them; .*SIGKILL ended it$/m,
    );
    assertEquals(await descendants(child.pid), []);
  } finally {
    clearInterval(killer);
  }
});

Deno.test("grade leaves no process behind when it is ended", {
  ignore: ignore || Deno.build.os !== "linux",
}, async () => {
  const folder = await Deno.makeTempDir({ prefix: "kvlab-" });
  try {
    const spinning = `${folder}/spinning`;
    await copy(new URL("corpus/skeleton", lab), spinning);
    await Deno.writeTextFile(`${spinning}/server.ts`, "\nfor (;;);\n", { append: true });
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        ...["task", "--quiet", "grade", spinning, "--fresh"],
      ],
      cwd: lab,
      stdout: "null",
      stderr: "null",
    }).spawn();
    let judges: number[] = [];
    while (judges.length === 0) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      for (const pid of await descendants(child.pid)) {
        const command = await Deno.readTextFile(`/proc/${pid}/cmdline`).catch(() => "");
        if (command.includes("judge/judge.ts")) judges.push(pid);
      }
    }
    judges = await descendants(child.pid);
    child.kill("SIGTERM");
    assertEquals((await child.status).code, 2);
    const left = await Promise.all(judges.map(async (pid) => {
      return await Deno.readTextFile(`/proc/${pid}/cmdline`).catch(() => "");
    }));
    assertEquals(left.filter((command) => command.includes("judge/judge.ts")), []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("grade says in one line that a folder is not there", { ignore }, async () => {
  const { status, err } = await runInProcess(gradeCommand, ["nowhere"]);
  assertEquals(status, 2);
  assertEquals(
    err,
    'grade: There is no folder "nowhere"; expected one with a client.ts and a server.ts\n',
  );
});

Deno.test("grade writes reports of a class where there is no temporary folder", {
  ignore,
}, async () => {
  const folder = await Deno.makeTempDir({ prefix: "kvlab-" });
  try {
    for (const name of ["ada", "bob"]) {
      await copy(new URL("corpus/terse", lab), `${folder}/${name}`);
    }
    await Deno.writeFile(`${folder}/eve.zip`, zip(BOTH));
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["task", "--quiet", "grade", folder, "--seeds=1", "--fresh", "--json=-"],
      cwd: lab,
      env: { NO_COLOR: "1", TMPDIR: `${folder}/none` },
    }).output();
    assertEquals(code, 2);
    const { submissions } = GradeReport.parse(JSON.parse(new TextDecoder().decode(stdout)));
    for (const { notGraded } of submissions) {
      assertMatch(notGraded!, /^(?:It cannot be unpacked: )?Cannot make a temporary folder: /);
    }
    assertMatch(
      new TextDecoder().decode(stderr),
      /run it again for "ada", "bob", "eve"\. Cannot make/,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
