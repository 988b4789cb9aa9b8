/**
 * The tables that Canvas and Moodle import have the identifiers of students and the points, nothing
 * else, and no zero where there is no grade.
 *
 * @module
 */

import { assertEquals, assertThrows } from "@std/assert";
import { CommandError } from "../../cli/mod.ts";
import { notGraded } from "../result/score.ts";
import type { SubmissionResult } from "../result/result.ts";
import { resultsOfRoster, type RosterRow } from "../result/roster.ts";
import { DEFAULT_RUBRIC } from "../result/rubric.ts";
import { submissionResult } from "./fixture.ts";
import { type CsvFormat, gradebookOf } from "./gradebook.ts";

function row(Student: string, ID: string, login: string): RosterRow {
  const grades = { "Quiz 1 (77)": "3", "Final Score": "" };
  return { Student, ID, "SIS User ID": `S${ID}`, "SIS Login ID": login, Section: "A", ...grades };
}

const GRADEBOOK = [
  row("Lovelace, Ada", "12", "ada"),
  row("Hopper, Grace", "13", "grace"),
  row("Turing, Alan", "14", "alan"),
  row("Liskov, Barbara", "15", "barbara"),
];

const GRADES = [
  { "First name": "Ada", "ID number": "7", "Email address": "ada@example.com", "Quiz 1": "3" },
  { "First name": "Bob", "ID number": "8", "Email address": "bob@example.com", "Quiz 1": "" },
];

function lines(
  submissions: readonly SubmissionResult[],
  format: CsvFormat,
  roster: readonly RosterRow[],
  column?: string,
): string[] {
  const report = { submissions: resultsOfRoster(submissions, roster, DEFAULT_RUBRIC) };
  return gradebookOf(report, format, column).replace("\ufeff", "").split("\r\n");
}

Deno.test("gradebookOf() has the columns of Canvas, and empty cells where there is no grade", () => {
  const submissions = [
    submissionResult(7, { submission: "lovelaceada_12", identity: ["12"] }),
    notGraded("alan", "No space left on device", DEFAULT_RUBRIC),
    submissionResult(7, { submission: "barbara" }),
    submissionResult(2, { submission: "kvlab-barbara" }),
  ];
  assertEquals(lines(submissions, "canvas", GRADEBOOK, "Lab 1 (90)"), [
    "Student,ID,SIS User ID,SIS Login ID,Section,Lab 1 (90)",
    '"Lovelace, Ada",12,S12,ada,A,100',
    '"Hopper, Grace",13,S13,grace,A,',
    '"Turing, Alan",14,S14,alan,A,',
    '"Liskov, Barbara",15,S15,barbara,A,',
  ]);
});

Deno.test("gradebookOf() needs no roster for an export of Canvas or Moodle", () => {
  const canvas = submissionResult(2, { submission: "adalovelace_12", identity: ["12"] });
  assertEquals(lines([canvas], "canvas", []), [
    "Student,ID,SIS User ID,SIS Login ID,Section,Key/value lab",
    "adalovelace_12,12,,,,20",
  ]);
  const moodle = submissionResult(2, { submission: "Ada", identity: ["Participant 12"] });
  assertEquals(lines([moodle], "moodle", []), [
    "Identifier,Full name,Key/value lab",
    "Participant 12,Ada,20",
  ]);
});

Deno.test("gradebookOf() has the columns by which Moodle identifies students", () => {
  const submission = submissionResult(7, { submission: "ada" });
  assertEquals(lines([submission], "moodle", GRADES), [
    "ID number,Email address,Full name,Key/value lab",
    "7,ada@example.com,ada,100",
    "8,bob@example.com,Bob,",
  ]);
});

Deno.test("gradebookOf() finds the columns of other rosters", () => {
  const roster = [{ name: "Ada Lovelace", github: "ada", "E-mail": "ada@example.com" }];
  assertEquals(lines([submissionResult(7, { submission: "ada" })], "moodle", roster), [
    "Email address,Full name,Key/value lab",
    "ada@example.com,Ada Lovelace,100",
  ]);
});

Deno.test("gradebookOf() says which roster it needs if it can identify nobody", () => {
  assertThrows(
    () => lines([submissionResult(7)], "canvas", []),
    CommandError,
    "Cannot write --csv-format=canvas: it is not known who the students are there; add " +
      "--roster=FILE with the gradebook that Canvas exports",
  );
});
