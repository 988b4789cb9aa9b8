import {
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { join } from "node:path";
import { CommandError } from "../../cli/mod.ts";
import { makeFolder } from "../../cli/folder_fixture.ts";
import { checkOutputs, writeReports } from "./write_reports.ts";
import { classReport, CLASSROOM50, HOSTILE, refusedResult, submissionResult } from "./fixture.ts";
import { GradeReport } from "../result/result.ts";

const NEEDED = ["read", "write", "env"] as const;
const ignore = NEEDED.some((name) => Deno.permissions.querySync({ name }).state !== "granted");

/** Runs with variables of the environment, and restores them. */
async function withEnvironment(values: Record<string, string>, run: () => Promise<void>) {
  const before = Object.keys(values).map((name) => [name, Deno.env.get(name)] as const);
  for (const [name, value] of Object.entries(values)) Deno.env.set(name, value);
  try {
    await run();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) Deno.env.delete(name);
      else Deno.env.set(name, value);
    }
  }
}

/** Registers a test that gets a folder. */
function folderTest(name: string, test: (folder: string) => Promise<void>): void {
  Deno.test(name, { ignore }, async () => {
    await using folder = await makeFolder();
    await withEnvironment({ GITHUB_STEP_SUMMARY: "", GITHUB_OUTPUT: "" }, () => test(folder.path));
  });
}

folderTest("writeReports() writes JSON that reads back as the results", async (folder) => {
  const json = join(folder, "results.json");
  await writeReports(classReport(), { json });
  assertEquals(GradeReport.parse(JSON.parse(await Deno.readTextFile(json))), classReport());
});

folderTest(
  "writeReports() appends to the summary of a step without exceeding its limit",
  async (folder) => {
    const file = join(folder, "summary");
    await Deno.writeTextFile(file, "x".repeat(1024 * 1024 - 500));
    await withEnvironment({ GITHUB_STEP_SUMMARY: file }, async () => {
      await writeReports(classReport(), {});
    });
    const text = await Deno.readTextFile(file);
    assertMatch(text.slice(0, 5), /^x+$/);
    assertMatch(text, /The rest is left out/);
    assertEquals(new TextEncoder().encode(text).length <= 1024 * 1024, true);
  },
);

folderTest(
  "writeReports() prints an annotation for each problem of one submission",
  async (folder) => {
    const printed: string[] = [];
    const { error } = console;
    console.error = (line: string) => printed.push(line);
    try {
      await withEnvironment({ GITHUB_STEP_SUMMARY: join(folder, "summary") }, async () => {
        const problems = [{ message: HOSTILE, file: "client.ts", line: 12 }];
        await writeReports({ submissions: [refusedResult({ problems })] }, {});
      });
    } finally {
      console.error = error;
    }
    assertEquals(printed.length, 1);
    assertMatch(printed[0]!, /^::error file=client\.ts,line=12::<script>[^\n]*%0A/);
  },
);

folderTest("writeReports() appends to the outputs of a step", async (folder) => {
  const classroom = join(folder, "output");
  await Deno.writeTextFile(classroom, "a=b\n");
  await withEnvironment({ GITHUB_OUTPUT: classroom }, async () => {
    await writeReports({ submissions: [submissionResult(7)] }, { classroom });
  });
  assertMatch(await Deno.readTextFile(classroom), /^a=b\ntestbasic=\S+\n/);
});

folderTest("writeReports() writes release-body.md beside Classroom 50's result", async (folder) => {
  const report = { submissions: [submissionResult(7)] };
  const classroom50 = join(folder, "result.json");
  await withEnvironment(CLASSROOM50, () => writeReports(report, { classroom50 }));
  const body = await Deno.readTextFile(join(folder, "release-body.md"));
  assertStringIncludes(body, "100 of 100 points");
  await withEnvironment({ ...CLASSROOM50, SUBMISSION_TAG: "main" }, async () => {
    await assertRejects(() => writeReports(report, { classroom50 }), CommandError, "submit/");
    assertThrows(() => checkOutputs({ classroom50 }), CommandError, "submit/");
  });
});

folderTest("checkOutputs() names a variable that Classroom 50 did not set", async () => {
  checkOutputs({ classroom50: undefined });
  await withEnvironment({ CLASSROOM: "" }, () => {
    const message = "Cannot write a Classroom 50 result: CLASSROOM is not set";
    assertThrows(() => checkOutputs({ classroom50: "result.json" }), CommandError, message);
    return Promise.resolve();
  });
});

folderTest(
  "writeReports() refuses a class when a report is for one submission",
  async (folder) => {
    for (const name of ["gradescope", "classroom", "classroom50"]) {
      const files = { [name]: join(folder, name) };
      await assertRejects(
        () => writeReports(classReport(), files),
        CommandError,
        `Cannot write --${name} for 5 submissions; expected exactly one`,
      );
    }
  },
);

folderTest("writeReports() replaces links and never follows them", async (folder) => {
  const secret = join(folder, "secret");
  const names = ["results.json", "results.json.part", "classroom"];
  await Deno.writeTextFile(secret, "mine");
  for (const name of names) await Deno.symlink(secret, join(folder, name));
  const [json, , classroom] = names.map((name) => join(folder, name));
  await writeReports({ submissions: [submissionResult(7)] }, { json, classroom });
  assertEquals(await Deno.readTextFile(secret), "mine");
  assertEquals((await Deno.lstat(json!)).isFile, true);
  assertEquals((await Deno.readTextFile(classroom!)).includes("mine"), false);
});

folderTest(
  "writeReports() writes the other reports if one fails, and leaves no partial file",
  async (folder) => {
    const csv = join(folder, "grades.csv");
    // A folder has the name of the JSON.
    await Deno.mkdir(join(folder, "json/inside"), { recursive: true });
    await assertRejects(
      () => writeReports(classReport(), { json: join(folder, "json"), csv }),
      CommandError,
      "Cannot write",
    );
    assertEquals((await Deno.readTextFile(csv)).startsWith("\ufeffsubmission,"), true);
    const left = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
    assertEquals(left.toSorted(), ["grades.csv", "json"]);
  },
);
