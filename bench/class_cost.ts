/**
 * `deno task class-cost` measures the cost of grading on this machine, with copies of ten entries of
 * the corpus, right and wrong ones.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { z } from "zod";
import { type Command, EXIT_STATUS, type ExitStatus, main, wholeNumber } from "../cli/mod.ts";

const LAB = new URL("../", import.meta.url);

const ENTRIES = [
  ...["terse", "mutex", "hedged", "backs_off", "uuid_and_acknowledgement"],
  ...["no_retry", "cached_reads", "no_duplicate_table", "no_fallback", "put_not_awaited"],
];

const Options = z.strictObject({
  copies: wholeNumber("copies", 1).default(2).meta({
    description: "Number of copies of each of ten entries (2)",
    value: "N",
  }),
  seeds: wholeNumber("seeds", 1).default(25).meta({
    description: "Number of seeds that each test runs with (25)",
    value: "N",
  }),
});

/** The command. */
export const classCost: Command<typeof Options> = {
  name: "class-cost",
  summary: "Grades a class of copies and prints how long each submission takes.",
  options: Options,
  run,
};

async function run({ copies, seeds }: z.infer<typeof Options>): Promise<ExitStatus> {
  const folder = await Deno.makeTempDir({ prefix: "kvlab-class-" });
  try {
    for (const entry of ENTRIES) {
      for (let copy = 1; copy <= copies; copy++) {
        const place = `${folder}/${entry}_${copy}`;
        await Deno.mkdir(place);
        for (const file of ["client.ts", "server.ts"]) {
          await Deno.copyFile(new URL(`corpus/${entry}/${file}`, LAB), `${place}/${file}`);
        }
      }
    }
    const args = ["task", "--quiet", "grade", folder, `--seeds=${seeds}`, "--fresh"];
    const { code, stdout } = await new Deno.Command(Deno.execPath(), {
      args,
      cwd: fileURLToPath(LAB),
      stderr: "inherit",
    }).output();
    // The wrong entries fail.
    if (code !== EXIT_STATUS.ok && code !== EXIT_STATUS.failed) return EXIT_STATUS.unknown;
    const lines = new TextDecoder().decode(stdout).trimEnd().split("\n");
    const cost = lines.find((line) => / submissions in .* s each$/.test(line));
    console.log(`a class, ${seeds} seeds:            ${cost}`);
    return EXIT_STATUS.ok;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) await main(classCost);
