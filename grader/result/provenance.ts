/**
 * The provenance of grades: everything that decides them besides the submissions. It is in every
 * report, so that a grade can be reproduced. The parts of a class are joined only if it is the same.
 *
 * @module
 */

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CommandError } from "../../cli/mod.ts";
import { LAB, LAB_PARTS } from "../../explore/overlay.ts";
import type { GradeReport, Provenance } from "./result.ts";
import { hashOf, shortHashOf } from "../hash.ts";
import type { Shard } from "../options.ts";

/** The folder of the grader. */
const GRADER = fileURLToPath(new URL("../", import.meta.url));

/** The lab and the settings of the command line. */
export interface Circumstances extends Pick<Provenance, "seeds" | "rubric"> {
  /** The result of {@linkcode labHash}. */
  lab: string;
  salt?: string | undefined;
  due?: Date | undefined;
  shard?: Shard | undefined;
}

/** Returns the provenance of the grades of this run. */
export function provenanceOf(
  { lab, seeds, salt, rubric, due, shard }: Circumstances,
): Provenance {
  return {
    lab: shortHashOf(lab),
    deno: Deno.version.deno,
    date: new Date().toISOString(),
    seeds,
    salt: salt === undefined ? null : shortHashOf(salt),
    rubric,
    due: due?.toISOString() ?? null,
    shard: shard === undefined ? null : `${shard.index}/${shard.count}`,
  };
}

/** The fields that are the same in all parts, with their names in messages. */
const ALIKE = {
  lab: "version of the lab",
  seeds: "number of seeds",
  salt: "salt",
  rubric: "rubric",
  due: "due date",
};

/** A part of a class. */
interface Part {
  file: string;
  provenance: Provenance;
}

/** Returns the provenance of a class whose parts were graded separately; `undefined` if no part has
 * one.
 *
 * @throws {CommandError} They were not graded alike, or a part is missing or there twice.
 */
export function joinedProvenance(
  parts: readonly { file: string; report: GradeReport }[],
): Provenance | undefined {
  const known = parts.flatMap(({ file, report: { provenance } }): Part[] => {
    return provenance === undefined ? [] : [{ file, provenance }];
  });
  const [first, ...others] = known;
  if (first === undefined) return undefined;
  for (const { file, provenance } of others) {
    const fields = Object.keys(ALIKE) as (keyof typeof ALIKE)[];
    const other = fields.find((field) => {
      return JSON.stringify(provenance[field]) !== JSON.stringify(first.provenance[field]);
    });
    if (other !== undefined) {
      throw cannotMerge(`"${first.file}" and "${file}" differ in their ${ALIKE[other]}`);
    }
  }
  checkShards(known);
  const date = known.map(({ provenance }) => provenance.date).toSorted().at(-1)!;
  return { ...first.provenance, date, shard: null };
}

function checkShards(known: readonly Part[]): void {
  const shards = known.flatMap(({ file, provenance: { shard } }) => {
    return shard === null ? [] : [{ file, shard, count: Number(shard.split("/")[1]) }];
  });
  const [first] = shards;
  if (first === undefined) return;
  const { count } = first;
  const foreign = shards.find((each) => each.count !== count);
  if (foreign !== undefined) {
    const its = `"${foreign.file}" one of ${foreign.count}`;
    throw cannotMerge(`"${first.file}" is a part of ${count}, ${its}`);
  }
  const names = shards.map(({ shard }) => shard);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw cannotMerge(`two files are part ${twice}`);
  const missing = Array.from({ length: count }, (_, i) => `${i + 1}/${count}`)
    .filter((name) => !names.includes(name));
  if (missing.length === 0) return;
  const are = missing.length === 1 ? `part ${missing[0]} is` : `parts ${missing.join(", ")} are`;
  throw cannotMerge(`${are} missing; name the reports of all parts`);
}

/** Returns the error for reports that cannot be merged. */
export function cannotMerge(reason: string): CommandError {
  return new CommandError(`Cannot merge: ${reason}`);
}

/** Returns a hash of everything that decides findings besides the submission. */
export async function labHash(): Promise<string> {
  const hashes = [hashOfFolder(fileURLToPath(LAB), LAB_PARTS), hashOfFolder(GRADER)];
  return [...await Promise.all(hashes), Deno.version.deno].join(" ");
}

/** Returns a hash of the files in a folder.
 *
 * @param parts The files and folders at its top that are included; all if absent.
 */
export async function hashOfFolder(folder: string, parts?: readonly string[]): Promise<string> {
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
  return hashOf(JSON.stringify(texts.sort(([a], [b]) => a < b ? -1 : 1)));
}
