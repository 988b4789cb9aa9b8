/**
 * `deno task autograder`: writes the archive that grades in Gradescope, and, unpacked, in
 * Classroom 50. The same lab, salt and options make the same bytes.
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
  wholeNumber,
} from "../cli/mod.ts";
import { DueDate } from "../grader/result/late.ts";
import { readJson } from "../grader/result/read_json.ts";
import { Rubric } from "../grader/result/rubric.ts";
import { autograderFiles } from "./autograder_files.ts";

/** When every file in the archive was changed, so that archives can be compared: the
 * first moment that the format knows, in whatever zone this machine is. */
const CHANGED = new Date(1980, 0, 1);

/** The system that made the archive, as the format numbers them: only Unix has modes. */
const UNIX = 3;

/** Regular files: scripts may be started, the others are read. */
const MODE = { script: 0o100755, data: 0o100644 };

/** The number of bytes of a salt that nobody chose. */
const SALT_BYTES = 8;

const Options = z.strictObject({
  seeds: wholeNumber("seeds", 1).optional().meta({
    description: "Number of seeds that each test runs with (25)",
    value: "N",
  }),
  salt: z.string().regex(/^[^\r\n]*$/, "expected one line").optional().meta({
    description: "Decides which seeds; drawn if absent. Classroom 50 publishes it",
    value: "TEXT",
  }),
  due: DueDate.optional().meta({
    description: "When submissions are due; what Gradescope says if absent",
    value: "DATE",
  }),
  rubric: z.string().optional().meta({
    description: "Points for each test, as JSON",
    value: "FILE",
  }),
  force: flag().meta({ description: "Replaces the archive if it is there already" }),
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
    throw new CommandError(`"${name}" is there already; add --force to replace it`);
  }
  // A mistake in it shows here, and not when students submit.
  const rubric = rubricFile === undefined ? undefined : await readJson(rubricFile, Rubric);
  // Without a salt, students would know the seeds.
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

/** Packs files.
 *
 * @param files The text of each by its path.
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
