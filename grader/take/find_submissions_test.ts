/**
 * The submissions that are found in the download of an instructor, and the rest that is listed.
 *
 * @module
 */

import { assertEquals, assertRejects } from "@std/assert";
import { gzipSync, strToU8, zipSync } from "fflate";
import { packTar } from "modern-tar";
import { CommandError } from "../../cli/mod.ts";
import { BOTH, find, inside, zip } from "./folder_fixture.ts";
import { mayRunProcesses } from "../../cli/permissions_fixture.ts";
import type { Found } from "./find_submissions.ts";
import { takeSubmission } from "./take_submission.ts";

const ignore = !mayRunProcesses;

/** Makes a tar file. */
function tar(files: Record<string, string>): Promise<Uint8Array> {
  return packTar(
    Object.entries(files).map(([name, body]) => {
      return { header: { name, size: body.length }, body };
    }),
  );
}

/** Returns each submission with the names of its files, or with its problems. */
async function summary({ submissions }: Found): Promise<[name: string, ...files: string[]][]> {
  return await Promise.all(submissions.map(async ({ name, folder, damage }) => {
    if (damage !== undefined) return [name, damage] as [string, string];
    const { files, problems } = await takeSubmission(folder);
    const messages = problems.map(({ message }) => message);
    return [name, ...messages.length > 0 ? messages : files.keys()] as [string, ...string[]];
  }));
}

const FILES = ["client.ts", "server.ts"];

const HAND_INS: [title: string, files: Record<string, string | Uint8Array>, found: unknown[]][] = [
  ["a folder for each student", { ...inside("class/ada"), ...inside("class/bob") }, [
    ["ada", ...FILES],
    ["bob", ...FILES],
  ]],
  ["a lab inside a student's folder, beside what an archive leaves behind", {
    ...inside("class/ada/my lab/src"),
    ...inside("class/ada/__MACOSX"),
    ...inside("class/ada/node_modules/x"),
    ...inside("class/bob"),
  }, [["ada", ...FILES], ["bob", ...FILES]]],
  ["two labs in one student's folder", {
    ...inside("class/ada/new"),
    ...inside("class/ada/old"),
    ...inside("class/bob"),
  }, [
    ["ada", "Several folders hold a client.ts and a server.ts: new, old; hand in one of them"],
    ["bob", ...FILES],
  ]],
  ["archives of students", {
    "class/ada.zip": zip(inside("lab")),
    "class/bob.tar.gz": gzipSync(await tar(BOTH)),
    "class/eve.tar": await tar(BOTH),
  }, [["ada", ...FILES], ["bob", ...FILES], ["eve", ...FILES]]],
  ["an archive alone in a student's folder", {
    "class/ada/solution.zip": zip(BOTH),
    ...inside("class/bob"),
  }, [["ada", ...FILES], ["bob", ...FILES]]],
  ["hand-ins beside the files that macOS adds", {
    ...inside("class/__MACOSX"),
    "class/.DS_Store": "",
    "class/ada.zip": zipSync({ "solution.zip": zip(BOTH), "._solution.zip": strToU8("") }),
    "class/._ada.zip": "",
    "class/bob_1_2_client.ts": "",
    "class/bob_1_2_server.ts": "",
    "class/._bob_1_2_client.ts": "",
  }, [["ada", ...FILES], ["bob_1", ...FILES]]],
  ["an archive in an archive", {
    "class/ada.zip": zipSync({ "solution.zip": zip(BOTH) }),
    ...inside("class/bob"),
  }, [["ada", ...FILES], ["bob", ...FILES]]],
  ["students in the only folder of a folder", {
    ...inside("class/submissions/ada"),
    ...inside("class/submissions/bob/lab"),
    "class/submissions/eve/kv.py": "",
    "class/notes.txt": "",
  }, [["ada", ...FILES], ["bob", ...FILES], [
    "eve",
    "client.ts is missing; found kv.py",
    "server.ts is missing; found kv.py",
  ]]],
  ["students in the only archive of a folder", {
    "class/download.zip": zip({ ...inside("submissions/ada"), ...inside("submissions/bob") }),
  }, [["ada", ...FILES], ["bob", ...FILES]]],
  ["the only student of a class", inside("class/ada/lab/src"), [["ada", ...FILES]]],
  ["the only student of a class, who handed in an archive", {
    "class/ada/lab.zip": zip(inside("lab")),
  }, [["ada", ...FILES]]],
  ["folders that Moodle exports", {
    ...inside("class/Ada Lovelace_123_assignsubmission_file_"),
    "class/Ada Lovelace_123_assignsubmission_onlinetext_/onlinetext.html": "",
    ...inside("class/Bob_124_assignsubmission_file"),
  }, [["Ada Lovelace", ...FILES], ["Bob", ...FILES]]],
  ["files that Canvas exports", {
    "class/adalovelace_12_901_client.ts": "// old",
    "class/adalovelace_12_905_client-1.ts": "// new",
    "class/adalovelace_12_902_server.ts": "// server",
    "class/bob_LATE_13_903_lab.zip": zip(BOTH),
  }, [["adalovelace_12", ...FILES], ["bob_13", ...FILES]]],
];

for (const [title, files, expected] of HAND_INS) {
  Deno.test(`findSubmissions() finds ${title}`, { ignore }, async () => {
    assertEquals(await find(files, summary), expected);
  });
}

Deno.test("findSubmissions() takes the newest of the files that Canvas exports", {
  ignore,
}, async () => {
  const text = await find({
    "class/ada_12_901_client.ts": "// old",
    "class/ada_12_905_client-1.ts": "// new",
    "class/ada_12_902_server.ts": "// server",
  }, async ({ submissions }) => {
    return (await takeSubmission(submissions[0]!.folder)).files.get("client.ts");
  });
  assertEquals(text, "// new");
});

Deno.test("findSubmissions() unpacks the archive of a class", { ignore }, async () => {
  const files = { "class.zip": zip({ ...inside("ada"), ...inside("bob") }) };
  const found = await find(files, summary, { paths: ["class.zip"] });
  assertEquals(found, [["ada", ...FILES], ["bob", ...FILES]]);
});

Deno.test("findSubmissions() lists what is beside the submissions", { ignore }, async () => {
  const files = {
    ...inside("class/ada"),
    ...inside("class/.hidden"),
    ...inside("class/node_modules"),
    "class/grades.csv": "",
  };
  const { ungraded } = await find(files, (found) => found);
  assertEquals(ungraded, [
    ".hidden (a hidden folder)",
    "grades.csv (a file)",
    "node_modules (a folder of a tool)",
  ]);
});

Deno.test("findSubmissions() keeps a student whose archive is damaged", { ignore }, async () => {
  const files = {
    ...inside("class/ada"),
    "class/bob.zip": "no archive",
    "class/eve/lab.tgz": new Uint8Array([0x1f, 0x8b, 0, 0, 0]),
    "class/kim.tar": "no archive",
    "class/lee/lee.rar": "",
  };
  const found = await find(files, summary);
  assertEquals(found, [
    ["ada", ...FILES],
    ["bob", "bob.zip cannot be read as an archive (invalid zip data)"],
    ["eve", "lab.tgz cannot be read as an archive (invalid gzip data)"],
    ["kim", "kim.tar cannot be read as an archive (Tar archive is truncated)"],
    ["lee", "lee.rar cannot be unpacked; expected .zip, .tar, .tar.gz or .tgz"],
  ]);
});

Deno.test("findSubmissions() replaces equal names by paths", {
  ignore,
}, async () => {
  const files = { ...inside("class/ada"), "class/ada.zip": zip(BOTH) };
  const names = await find(files, ({ submissions }, place) => {
    return submissions.map(({ name }) => name.replace(place, ""));
  });
  assertEquals(names, ["/class/ada", "/class/ada.zip"]);
});

Deno.test("findSubmissions() refuses a folder that may be a submission or a class", {
  ignore,
}, async () => {
  const files = { ...inside("class/lab"), "class/docs/notes.md": "" };
  const { message } = await assertRejects(() => find(files, () => {}), CommandError);
  assertEquals(
    message.replace(/^".*?"/, "DIR"),
    "DIR may be a submission or a class: lab/ holds code, and docs none; for a submission add " +
      "--root=lab, for a class name the students' folders one by one",
  );
  const found = await find(files, ({ submissions }) => submissions.length, { root: "lab" });
  assertEquals(found, 1);
});

Deno.test("findSubmissions() unpacks nothing outside its folder", {
  ignore,
}, async () => {
  const archive = zip({ ...BOTH, "../escaped.ts": "", "/tmp/escaped.ts": "", "a/../../b.ts": "" });
  const escaped = await find({ "class/ada.zip": archive }, async (found, place) => {
    assertEquals(await summary(found), [["ada", ...FILES]]);
    const names = Array.from(Deno.readDirSync(`${place}/unpacked`), ({ name }) => name);
    return names.filter((name) => name.endsWith(".ts"));
  });
  assertEquals(escaped, []);
});

Deno.test("findSubmissions() treats a folder as one submission when a report is for one", {
  ignore,
}, async () => {
  const files = { ...inside("class/new"), ...inside("class/old") };
  assertEquals(await find(files, summary, { isSingle: true }), [
    ["class", "Several folders hold a client.ts and a server.ts: new, old; hand in one of them"],
  ]);
});

Deno.test("findSubmissions() treats each of several paths as one student's", {
  ignore,
}, async () => {
  const files = {
    ...inside("class/ada/lab"),
    "class/ada/old/lab.zip": zip(BOTH),
    "class/bob.zip": zip({ ...inside("new"), ...inside("old") }),
  };
  assertEquals(await find(files, summary, { paths: ["class/ada", "class/bob.zip"] }), [
    ["ada", ...FILES],
    ["bob", "Several folders hold a client.ts and a server.ts: new, old; hand in one of them"],
  ]);
});

Deno.test("findSubmissions() keeps a student without code among several", { ignore }, async () => {
  const files = { ...inside("class/ada/lab"), "class/bob/kv.py": "" };
  const found = await find(files, summary, { paths: ["class/ada", "class/bob"] });
  assertEquals(found, [
    ["ada", ...FILES],
    ["bob", "client.ts is missing; found kv.py", "server.ts is missing; found kv.py"],
  ]);
});

Deno.test("findSubmissions() refuses a folder that is neither a submission nor a class", {
  ignore,
}, async () => {
  const { message } = await assertRejects(
    () => find({ "class/ada/kv.py": "", "class/notes.txt": "" }, () => {}),
    CommandError,
  );
  assertEquals(
    message.replace(/^".*?"/, "DIR"),
    "DIR holds neither a submission nor a class, only notes.txt (a file); expected client.ts and " +
      "server.ts, or a folder or archive with both for each student",
  );
});
