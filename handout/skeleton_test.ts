/**
 * The skeleton and the solution have the same contracts.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import type { ZodObject } from "zod";
import * as solution from "../server.ts";
import { mayRunProcesses } from "../cli/permissions_fixture.ts";
import { LAB, read, SKELETON, STUDENT_FILES } from "./files.ts";

const ignore = !mayRunProcesses;

/** The lines of the skeleton that students replace: missing code, methods that throw, the fields of
 * requests, and imports. */
const REPLACED = [
  /Your code here/,
  /^ {2}(?:get|put|append)\(/,
  /^export const (?:PutAppendArgs|GetArgs) = /,
  /^\/\/ (?:What travels|declared here)/,
  /^import type \{ ClientEnd \}/,
  /^ {2}\}$/,
];

Deno.test("every other line of the skeleton is in the solution, in the same order", {
  ignore,
}, async () => {
  for (const file of STUDENT_FILES) {
    const expected = (await read(SKELETON + file)).split("\n").filter((line) => {
      return !REPLACED.some((pattern) => pattern.test(line));
    });
    assert(expected.length > 30);
    let next = 0;
    for (const line of (await read(file)).split("\n")) if (line === expected[next]) next++;
    assertEquals(expected[next], undefined, file);
  }
});

Deno.test("the solution's schemas have all fields of the skeleton's", { ignore }, async () => {
  // A dynamic name, since the compiler would look for a config.ts beside it.
  const skeleton = await import(new URL(`${SKELETON}server.ts`, LAB).href);
  for (const name of ["PutAppendArgs", "PutAppendReply", "GetArgs", "GetReply"] as const) {
    const [given, solved]: ZodObject[] = [skeleton[name], solution[name]];
    const { shape } = solved!;
    for (const [field, { type }] of Object.entries(given!.shape)) {
      assertEquals(shape[field]?.type, type, `${name}.${field}`);
    }
  }
});
