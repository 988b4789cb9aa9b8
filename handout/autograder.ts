/**
 * `deno task autograder`: writes the archive that grades in Gradescope and, unpacked, in Classroom 50.
 * The same lab, salt and options give the same bytes.
 *
 * @module
 */

import { exists } from "@std/fs/exists";
import { strToU8, type Zippable, zipSync } from "fflate";
import { z } from "zod";
import {
  type Command,
  CommandError,
  EXIT_STATUS,
  type ExitStatus,
  flag,
  main,
  systemReason,
} from "../cli/mod.ts";
import { GradeOptions } from "../grader/options.ts";
import { DueDate } from "../grader/result/late.ts";
import { readJson } from "../grader/result/read_json.ts";
import { Rubric } from "../grader/result/rubric.ts";
import { autograderFiles } from "./autograder_files.ts";

/** The time of every file in the archive: the first of the format, in the zone of this machine. */
const CHANGED = new Date(1980, 0, 1);

/** The number of Unix in the format; other systems have no modes. */
const UNIX = 3;

/** The modes of files. */
const MODE = { script: 0o100755, data: 0o100644 };

/** The size of a drawn salt, in bytes. */
const SALT_BYTES = 8;

const { seeds, rubric } = GradeOptions.shape;

const Options = z.strictObject({
  seeds,
  salt: z.string().regex(/^[^\r\n]*$/, "expected one line").optional().meta({
    description: "Text that decides the seeds (drawn); Classroom 50 publishes it",
    value: "TEXT",
  }),
  due: DueDate.optional().meta({
    description: "When submissions are due (the due date in Gradescope)",
    value: "DATE",
  }),
  rubric,
  force: flag().meta({ description: "Replaces an archive of this name" }),
});

/** The command. */
export const autograder: Command<typeof Options> = {
  name: "autograder",
  summary: "Writes the archive that grades in Gradescope or, unpacked, in Classroom 50.",
  operands: { name: "ZIP", min: 1, max: 1 },
  options: Options,
  run,
};

async function run(
  { seeds, salt, due, rubric: rubricFile, force }: z.infer<typeof Options>,
  [name]: string[],
): Promise<ExitStatus> {
  if (!name!.endsWith(".zip")) {
    throw new CommandError(`Cannot write "${name}": expected a name that ends in .zip`);
  }
  if (!force && await exists(name!)) {
    throw new CommandError(`"${name}" exists; add --force to replace it`);
  }
  // Read here, so that a mistake shows before students submit.
  const rubric = rubricFile === undefined ? undefined : await readJson(rubricFile, Rubric);
  // Without a salt, students could guess the seeds.
  const drawn = salt ?? crypto.getRandomValues(new Uint8Array(SALT_BYTES)).toHex();
  const files = await autograderFiles({ seeds, salt: drawn, due, rubric });
  try {
    await Deno.writeFile(name!, archiveOf(files));
  } catch (error) {
    throw new CommandError(`Cannot write "${name}": ${systemReason(error)}`);
  }
  console.log(
    `Wrote ${files.size} files to "${name}". Gradescope: upload it as the autograder. ` +
      "Classroom 50: unpack it as CLASSROOM/autograders/ASSIGNMENT/",
  );
  if (salt === undefined) {
    console.log(`Its seeds follow from --salt=${drawn}, which was drawn; it is in options.txt`);
  }
  return EXIT_STATUS.ok;
}

/** Returns an archive of files.
 *
 * @param files Their texts by their paths.
 */
export function archiveOf(files: ReadonlyMap<string, string>): Uint8Array {
  const entries: Zippable = {};
  for (const [path, text] of [...files].sort(([a], [b]) => a < b ? -1 : 1)) {
    const mode = text.startsWith("#!") ? MODE.script : MODE.data;
    entries[path] = [strToU8(text), { mtime: CHANGED, os: UNIX, attrs: mode << 16 }];
  }
  return zipSync(entries);
}

if (import.meta.main) await main(autograder);
