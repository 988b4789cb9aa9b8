/**
 * The students and times of hand-ins come from the records of servers and from commits.
 *
 * @module
 */

import { assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { CommandError } from "../../cli/mod.ts";
import { lastCommit } from "./commit_time.ts";
import { BOTH, find, inside, zip } from "./folder_fixture.ts";
import { autograderMetadata } from "./gradescope_metadata.ts";
import { makeFolder } from "../../cli/folder_fixture.ts";
import { mayRunProcesses } from "../../cli/permissions_fixture.ts";
import type { Found } from "./find_submissions.ts";

const ignore = !mayRunProcesses;

/** Returns the name, the identifiers and the time of each submission. */
function senders({ submissions }: Found): unknown[] {
  return submissions.map(({ name, identity, handIn }) => {
    return [name, identity, handIn?.at?.toISOString() ?? handIn?.at, handIn?.source];
  });
}

const METADATA = `---
submission_101:
  :submitters:
  - :name: Ada Lovelace
    :sid: '4711'
    :email: ada@example.com
  :created_at: 2026-11-20 18:00:00.123456000 Z
  :score: 0.0
submission_102:
  :submitters:
  - :name: Bob
    :sid:
    :email: bob@example.com
  - :name: Eve
    :email: eve@example.com
  :created_at: !ruby/object:ActiveSupport::TimeWithZone
    utc: &1 2026-11-21 06:00:00.5 Z
    time: *1
`;

Deno.test(
  "findSubmissions() reads students and times from an export of Gradescope",
  { ignore },
  async () => {
    const files = {
      "submission_metadata.yml": METADATA,
      ...inside("submission_101"),
      ...inside("submission_102/lab"),
    };
    const expected = [
      ["Ada Lovelace", ["ada@example.com", "4711"], "2026-11-20T18:00:00.000Z", "Gradescope"],
      [
        "Bob, Eve",
        ["bob@example.com", "eve@example.com"],
        "2026-11-21T06:00:00.000Z",
        "Gradescope",
      ],
    ];
    assertEquals(await find(inside("class", files), senders), expected);
    assertEquals(await find(inside("class", files), ({ ungraded }) => ungraded), []);
    // The archive has a folder around all of it.
    const packed = { "class.zip": zip(inside("assignment_7_export", files)) };
    assertEquals(await find(packed, senders, { paths: ["class.zip"] }), expected);
  },
);

Deno.test("findSubmissions() refuses metadata that are not Gradescope's", { ignore }, async () => {
  for (const text of ["a: [", "- 1", "submission_1: 3"]) {
    const files = {
      "class/submission_metadata.yml": text,
      ...inside("class/a"),
      ...inside("class/b"),
    };
    await assertRejects(() => find(files, () => {}), CommandError, "submission_metadata.yml");
  }
});

Deno.test("findSubmissions() reads students, and lateness, from exports of Canvas and Moodle", {
  ignore,
}, async () => {
  const canvas = {
    "class/ada_12_901_client.ts": "",
    "class/ada_12_902_server.ts": "",
    "class/bob_LATE_13_903_lab.zip": zip(BOTH),
  };
  assertEquals(await find(canvas, senders), [
    ["ada_12", ["12"], undefined, undefined],
    ["bob_13", ["13"], null, "Canvas"],
  ]);
  const moodle = { ...inside("class/Ada_12_assignsubmission_file_"), ...inside("class/Bob") };
  assertEquals(await find(moodle, senders), [
    ["Ada", ["Participant 12"], undefined, undefined],
    ["Bob", [], undefined, undefined],
  ]);
});

Deno.test("autograderMetadata() reads the time of the hand-in and the due date", {
  ignore,
}, async () => {
  const created_at = "2026-11-21T14:22:32.365935-07:00";
  const due_date = "2026-11-20T23:00:00-07:00";
  const metadata = [
    { created_at, assignment: { due_date } },
    { created_at, assignment: { due_date: null } },
    { created_at: "yesterday" },
  ];
  await using folder = await makeFolder(
    Object.fromEntries(metadata.map((each, i) => [i, JSON.stringify(each)])),
  );
  const read = (i: number) => autograderMetadata(`${folder.path}/${i}`);
  const { handIn, due } = await read(0);
  assertEquals([handIn.at, due], [new Date("2026-11-21T21:22:32Z"), new Date("2026-11-21T06:00Z")]);
  assertEquals((await read(1)).due, undefined);
  await assertRejects(() => read(2), CommandError, "expected a time");
});

async function git(folder: string, ...args: string[]): Promise<void> {
  const env = {
    ...{ GIT_AUTHOR_NAME: "Ada", GIT_AUTHOR_EMAIL: "ada@example.com", GIT_COMMITTER_NAME: "Ada" },
    ...{ GIT_COMMITTER_EMAIL: "ada@example.com", GIT_COMMITTER_DATE: "1795000000 +0100" },
  };
  const { success, stderr } = await new Deno.Command("git", { args, cwd: folder, env }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

Deno.test("lastCommit() reads the last commit and runs no command of the repository", {
  ignore,
}, async () => {
  const files = { ...inside("class/ada/lab"), ...inside("class/bob") };
  await find(files, async (_, place) => {
    const repository = join(place, "class/ada/lab");
    await git(repository, "init", "--quiet");
    await git(repository, "commit", "--quiet", "--allow-empty", "--message=committer <x> 1 +0000");
    const { at, source } = (await lastCommit(repository))!;
    assertEquals(at, new Date(1_795_000_000_000));
    // Clones have packed objects.
    await git(repository, "gc", "--quiet");
    await git(repository, "pack-refs", "--all");
    const canary = join(place, "canary");
    const config = `[core]\n fsmonitor = touch ${canary}\n pager = touch ${canary}\n` +
      ` sshCommand = touch ${canary}\n[alias]\n cat-file = !touch ${canary}\n[include]\n path = x\n`;
    await Deno.writeTextFile(join(repository, ".git/config"), config, { append: true });
    assertEquals(await lastCommit(repository), { at, source });
    assertEquals(await Deno.stat(canary).catch(() => "no file"), "no file");
    assertEquals(await lastCommit(join(place, "class/bob")), undefined);
    for (const head of ["ref: ../../../../etc/passwd", "0".repeat(40), ""]) {
      await Deno.writeTextFile(join(repository, ".git/HEAD"), head);
      assertEquals(await lastCommit(repository), undefined);
    }
  });
});

Deno.test("findSubmissions() dates a submission by the commit of its lab", { ignore }, async () => {
  const prepare = async (place: string) => {
    await git(`${place}/class/ada/lab`, "init", "--quiet");
    await git(`${place}/class/ada/lab`, "commit", "--quiet", "--allow-empty", "--message=lab");
  };
  const files = { ...inside("class/ada/lab"), ...inside("class/bob") };
  const found = await find(files, ({ submissions }) => {
    return submissions.map(({ handIn }) => handIn?.at);
  }, { isTimed: true, prepare });
  assertEquals(found, [new Date(1_795_000_000_000), undefined]);
});
