/**
 * Reads Gradescope's metadata, which name the students and the time of a hand-in: the
 * `submission_metadata.yml` of an export, and the `submission_metadata.json` of an autograder.
 *
 * @module
 */

import { join } from "node:path";
import { z } from "zod";
import { CommandError } from "../../cli/mod.ts";
import type { HandIn } from "../result/late.ts";
import { readJson } from "../result/read_json.ts";

/** The name of the file in an export of a class. */
export const METADATA_FILE = "submission_metadata.yml";

/** The students and the time of a hand-in. */
export interface Sender {
  /** The names of the students. */
  name: string;
  /** Their other identifiers: e-mail addresses and numbers. */
  identity: string[];
  handIn: HandIn | undefined;
}

const Word = z.union([z.string(), z.number()]).nullish();
const Submitter = z.looseObject({ ":name": Word, ":email": Word, ":sid": Word });
const Metadata = z.record(
  z.string(),
  z.looseObject({ ":submitters": z.array(Submitter), ":created_at": z.unknown() }),
);

/** Reads the metadata of an export.
 *
 * @returns The senders by the names of their folders; `undefined` if there are no metadata.
 * @throws {CommandError} The metadata cannot be read.
 */
export async function sendersIn(folder: string): Promise<Map<string, Sender> | undefined> {
  const file = join(folder, METADATA_FILE);
  const stat = await Deno.lstat(file).catch(() => null);
  return stat?.isFile ? await exportMetadata(await Deno.readTextFile(file)) : undefined;
}

async function exportMetadata(text: string): Promise<Map<string, Sender>> {
  // The module reads the environment, which other commands may not.
  const { parse } = await import("yaml");
  let value: unknown;
  try {
    value = parse(text, { logLevel: "silent" });
  } catch (error) {
    const [reason] = (error as Error).message.split("\n");
    throw new CommandError(`Cannot use "${METADATA_FILE}": ${reason}`);
  }
  const metadata = Metadata.safeParse(value);
  if (!metadata.success) {
    throw new CommandError(
      `Cannot use "${METADATA_FILE}": expected the file of an export of Gradescope; ` +
        "take it out to name submissions after their folders",
    );
  }
  return new Map(
    Object.entries(metadata.data).map(([folder, each]) => {
      const submitters = each[":submitters"];
      const words = (field: ":name" | ":email" | ":sid") => {
        return submitters.map((submitter) => String(submitter[field] ?? "")).filter(Boolean);
      };
      const at = timeOf(each[":created_at"]);
      return [folder, {
        name: words(":name").join(", ") || folder,
        identity: [...words(":email"), ...words(":sid")],
        handIn: at && { at, source: "Gradescope" },
      }];
    }),
  );
}

/** Reads a time as Ruby writes it: `2026-11-20 10:00:00.5 Z`, or an object that holds one. */
function timeOf(value: unknown): Date | undefined {
  if (typeof value === "object" && value !== null) {
    return timeOf((value as Record<string, unknown>)["utc"]);
  }
  const [, day, time, zone] =
    /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.\d+)? ?(Z|[+-]\d\d:?\d\d)$/
      .exec(String(value)) ?? [];
  const date = new Date(`${day}T${time}${zone?.replace(/(\d\d):?(\d\d)$/, "$1:$2")}`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

const AutograderMetadata = z.looseObject({
  created_at: z.string(),
  assignment: z.looseObject({ due_date: z.string().nullish() }).optional(),
});

/** Reads the metadata of an autograder.
 *
 * @param file The path of the `submission_metadata.json`.
 * @returns The time of the hand-in, and the due date if there is one.
 * @throws {CommandError} The file cannot be read, or holds something else.
 */
export async function autograderMetadata(
  file: string,
): Promise<{ handIn: HandIn; due: Date | undefined }> {
  const { created_at, assignment } = await readJson(file, AutograderMetadata);
  const at = timeOf(created_at);
  if (at === undefined) {
    throw new CommandError(`Cannot use "${file}" at created_at: expected a time with its zone`);
  }
  return { handIn: { at, source: "Gradescope" }, due: timeOf(assignment?.due_date) };
}
