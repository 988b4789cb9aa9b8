/**
 * The provenance of grades: all that decides them besides the submissions. It stands in every
 * report, so that a grade can be found again, and parts of a class are joined only if they were
 * graded alike.
 *
 * @module
 */

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CommandError } from "../../cli/mod.ts";
import { LAB, LAB_PARTS } from "../../explore/overlay.ts";
import type { GradeReport, Provenance } from "./result.ts";
import type { Rubric } from "./rubric.ts";
import { hashOf } from "../seeds.ts";
import type { Shard } from "../options.ts";

/** The folder of what grades. */
const GRADER = fileURLToPath(new URL("../", import.meta.url));

/** The number of digits of a hash that are shown. */
const DIGITS = 12;

/** The parts of the provenance that the lab and the command line give. */
export interface Circumstances {
  /** The result of {@linkcode labHash}. */
  lab: string;
  seeds: number;
  salt?: string | undefined;
  rubric: Rubric;
  due?: Date | undefined;
  shard?: Shard | undefined;
}

/** The provenance of grades that are made now. */
export async function provenanceOf(
  { lab, seeds, salt, rubric, due, shard }: Circumstances,
): Promise<Provenance> {
  return {
    lab: (await hashOf(lab)).slice(0, DIGITS),
    deno: Deno.version.deno,
    date: new Date().toISOString(),
    seeds,
    salt: salt === undefined ? null : (await hashOf(salt)).slice(0, DIGITS),
    rubric,
    due: due?.toISOString() ?? null,
    shard: shard === undefined ? null : `${shard.index}/${shard.count}`,
  };
}

/** The fields that two reports must agree on, with their names in messages. */
const ALIKE = {
  lab: "version of the lab",
  seeds: "number of seeds",
  salt: "salt",
  rubric: "rubric",
  due: "due date",
};

/** Joins the provenances of the parts of a class.
 *
 * @param parts Each part with the name of its file.
 * @returns That of the whole; nothing if no part has one.
 * @throws {CommandError} They were not graded alike, or are not all parts of one class.
 */
export function joinedProvenance(
  parts: readonly { file: string; report: GradeReport }[],
): Provenance | undefined {
  const known = parts.flatMap(({ file, report: { provenance } }) => {
    return provenance === undefined ? [] : [{ file, provenance }];
  });
  const [first, ...others] = known;
  if (first === undefined) return undefined;
  for (const { file, provenance } of others) {
    for (const [name, words] of Object.entries(ALIKE)) {
      const [one, other] = [first.provenance, provenance].map((each) => {
        return JSON.stringify(each[name as keyof typeof ALIKE]);
      });
      if (one === other) continue;
      throw new CommandError(`Cannot merge: "${first.file}" and "${file}" have another ${words}`);
    }
  }
  checkShards(known);
  const date = known.map(({ provenance }) => provenance.date).toSorted().at(-1)!;
  return { ...first.provenance, date, shard: null };
}

function checkShards(known: readonly { file: string; provenance: Provenance }[]): void {
  const shards = known.flatMap(({ file, provenance: { shard } }) => {
    if (shard === null) return [];
    const [index, count] = shard.split("/").map(Number) as [number, number];
    return [{ file, index, count }];
  });
  const [first] = shards;
  if (first === undefined) return;
  const { count } = first;
  const foreign = shards.find((each) => each.count !== count);
  if (foreign !== undefined) {
    throw new CommandError(
      `Cannot merge: "${first.file}" is a part of ${count}, "${foreign.file}" one of ${foreign.count}`,
    );
  }
  const twice = shards.find(({ index }, i) => shards.findIndex((each) => each.index === index) < i);
  if (twice !== undefined) {
    throw new CommandError(`Cannot merge: two files are part ${twice.index}/${count}`);
  }
  const missing = Array.from({ length: count }, (_, i) => i + 1)
    .filter((index) => !shards.some((each) => each.index === index));
  if (missing.length === 0) return;
  throw new CommandError(
    `Cannot merge: part ${missing.map((index) => `${index}/${count}`).join(", ")} is missing; ` +
      "name the reports of all parts",
  );
}

/** A hash of everything but the submission that decides what grading finds out. */
export async function labHash(): Promise<string> {
  const hashes = [hashOfParts(fileURLToPath(LAB), LAB_PARTS), hashOfFolder(GRADER)];
  return [...await Promise.all(hashes), Deno.version.deno].join(" ");
}

/** A hash of everything in a folder that tests could depend on. */
export function hashOfFolder(folder: string): Promise<string> {
  return hashOfParts(folder);
}

/** A hash of some files and folders in a folder; of all if none are named. */
async function hashOfParts(folder: string, parts?: readonly string[]): Promise<string> {
  const texts: [path: string, text: string][] = [];
  const walk = async (path: string) => {
    for await (const { name, isDirectory, isFile } of Deno.readDir(join(folder, path))) {
      if (path === "" && parts?.includes(name) === false) continue;
      const inside = join(path, name);
      if (isDirectory) await walk(inside);
      else if (isFile) texts.push([inside, await Deno.readTextFile(join(folder, inside))]);
    }
  };
  await walk("");
  return await hashOf(JSON.stringify(texts.sort(([a], [b]) => a < b ? -1 : 1)));
}
