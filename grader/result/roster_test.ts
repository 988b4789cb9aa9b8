import { assertEquals, assertRejects } from "@std/assert";
import { CommandError } from "../../cli/mod.ts";
import { makeFolder } from "../../cli/folder_fixture.ts";
import { mayRunProcesses } from "../../cli/permissions_fixture.ts";
import { csvOf } from "../reports/csv.ts";
import { submissionResult } from "../reports/fixture.ts";
import { readRoster, resultsOfRoster } from "./roster.ts";
import { DEFAULT_RUBRIC } from "./rubric.ts";

const ROSTER = [
  { student: "Lovelace, Ada", github: "ada-l", email: "ada@example.com" },
  { student: "Hopper, Grace", github: "ghopper", email: "grace@example.com" },
  { student: "Turing, Alan", github: "", email: "alan@example.com" },
];

Deno.test("resultsOfRoster() lists the roster in its order, also students without a hand-in", () => {
  const results = ["kvlab-ada-l", "alan", "eve"].map((submission) => {
    return submissionResult(7, { submission });
  });
  const found = resultsOfRoster(results, ROSTER, DEFAULT_RUBRIC).map((result) => {
    const { submission, score, roster, problems, notes } = result;
    return [
      submission,
      score,
      roster?.["student"],
      ...problems.map((each) => each.message),
      ...notes,
    ];
  });
  assertEquals(found, [
    ["kvlab-ada-l", 100, "Lovelace, Ada"],
    ["Hopper, Grace", 0, "Hopper, Grace", "Nothing was handed in"],
    ["alan", 100, "Turing, Alan"],
    ["eve", 100, undefined, "In no row of the roster"],
  ]);
});

Deno.test("resultsOfRoster() matches a name in either order", () => {
  for (const submission of ["Ada Lovelace", "Lovelace, Ada"]) {
    for (const name of ["ada lovelace", "LOVELACE, Ada"]) {
      const found = resultsOfRoster(
        [submissionResult(7, { submission })],
        [{ name }],
        DEFAULT_RUBRIC,
      );
      assertEquals(found.map(({ score }) => score), [100]);
    }
  }
});

Deno.test("resultsOfRoster() does not match a part of a name", () => {
  const results = ["team-12", "ann"].map((submission) => submissionResult(7, { submission }));
  const roster = [{ student: "Bob", number: "12" }, { student: "An", number: "13" }];
  const found = resultsOfRoster(results, roster, DEFAULT_RUBRIC).map(({ submission }) =>
    submission
  );
  assertEquals(found, ["Bob", "An", "team-12", "ann"]);
});

Deno.test("csvOf() keeps the columns of the roster", () => {
  const submissions = resultsOfRoster(
    [submissionResult(7, { submission: "ada" })],
    ROSTER,
    DEFAULT_RUBRIC,
  );
  const [heads, ada, grace] = csvOf({ submissions }).replace("\ufeff", "").split("\r\n");
  assertEquals(heads!.startsWith("student,github,email,submission,score,"), true);
  assertEquals(ada!.startsWith('"Lovelace, Ada",ada-l,ada@example.com,ada,100,'), true);
  assertEquals(grace!.endsWith(",Nothing was handed in"), true);
});

Deno.test("readRoster() reads files of spreadsheets and refuses one that lists nobody", {
  ignore: !mayRunProcesses,
}, async () => {
  await using folder = await makeFolder({
    "class.csv": '\ufeffstudent,github\r\n"Lovelace, Ada",ada\r\n',
    "excel.csv": "student;github\r\nLovelace, Ada;ada\r\n",
    "nobody.csv": "student,github\n",
  });
  const read = (name: string) => readRoster(`${folder.path}/${name}`);
  for (const name of ["class.csv", "excel.csv"]) {
    assertEquals(await read(name), [{ student: "Lovelace, Ada", github: "ada" }]);
  }
  await assertRejects(() => read("nobody.csv"), CommandError, "one for each student");
});

Deno.test("resultsOfRoster() gives a shared hand-in to each of its students", () => {
  const identity = ["ada@example.com", "GRACE@example.com"];
  const results = [submissionResult(7, { submission: "Ada, Grace", identity })];
  const found = resultsOfRoster(results, ROSTER, DEFAULT_RUBRIC);
  assertEquals(found.map(({ score, roster }) => [score, roster?.["github"]]), [
    [100, "ada-l"],
    [100, "ghopper"],
    [0, ""],
  ]);
});

Deno.test("resultsOfRoster() gives nobody a submission that may be another student's", () => {
  const twins = [{ name: "Wei Zhang", id: "1" }, { name: "Zhang, Wei", id: "2" }];
  const results = [submissionResult(7, { submission: "Wei Zhang" })];
  const found = resultsOfRoster(results, twins, DEFAULT_RUBRIC);
  assertEquals(found.map(({ score, notes }) => [score, ...notes]), [
    [0],
    [0],
    [100, "In more than one row of the roster"],
  ]);
  // A tutor who is also a student stands in other rows as well.
  const roster = [{ student: "Bob", tutor: "ada" }, { student: "Ada", tutor: "eve" }];
  const [bob, ada] = resultsOfRoster([submissionResult(7)], roster, DEFAULT_RUBRIC);
  assertEquals([bob!.score, ada!.score], [0, 100]);
});

Deno.test("readRoster() reads a gradebook of Canvas without its rows about assignments", {
  ignore: !mayRunProcesses,
}, async () => {
  const rows = [
    "Student,ID,SIS User ID,SIS Login ID,Section,Lab (9)",
    "    Points Possible,,,,,100",
    ",,,,,Manual Posting",
    '"Lovelace, Ada",12,S,ada,A,',
    '"Student, Test",99,,x,A,',
  ];
  await using folder = await makeFolder({ "class.csv": rows.join("\r\n") });
  const roster = await readRoster(`${folder.path}/class.csv`);
  assertEquals(roster.map(({ Student }) => Student), ["Lovelace, Ada"]);
});
