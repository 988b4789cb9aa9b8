/**
 * `deno task mutate` changes a right submission in many small ways, and lists the changes that no
 * test notices.
 *
 * @module
 */

import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import {
  type Command,
  CommandError,
  EXIT_STATUS,
  type ExitStatus,
  flag,
  main,
  Progress,
  reporter,
  wholeNumber,
  writeResult,
} from "../cli/mod.ts";
import { stopCompiler } from "./compile.ts";
import { changeOf, type Judged, judgeSurvivors, readEquivalents } from "./equivalents.ts";
import { type Mutant, mutantsOf } from "./mutants.ts";
import { MutantRunner } from "./mutant_runner.ts";
import { FILES, type TriedMutant, tryMutants } from "./mutation.ts";
import { type MutationRow, withRow } from "./table.ts";

const LAB = fileURLToPath(new URL("../", import.meta.url));
const PAGE = fileURLToPath(new URL("../docs/detection.md", import.meta.url));

/** The number of seeds of each test by default, and for rows of the page. */
const SEEDS = 3;

const options = z.strictObject({
  submission: z.string().optional()
    .meta({ value: "DIR", description: "The folder of a right submission; this lab's own" }),
  seeds: wholeNumber("seeds", 1).default(SEEDS)
    .meta({ value: "N", description: `The number of seeds for each test; ${SEEDS}` }),
  jobs: wholeNumber("jobs", 1).optional()
    .meta({ value: "N", description: "The number of processes; one for each core" }),
  json: z.string().optional()
    .meta({ value: "F", description: "Writes the survivors to this file; - is standard output" }),
  record: flag()
    .meta({ description: "Writes the row of an entry of corpus/ into docs/detection.md" }),
});

/** The command. */
export const mutateCommand: Command<typeof options> = {
  name: "mutate",
  summary: "Changes a right submission in many small ways, and lists the changes that no test " +
    "notices. Those with a reason in mutate/equivalents.json count as equivalent.",
  options,
  run: mutate,
};

async function mutate(
  { submission = LAB, seeds, jobs = navigator.hardwareConcurrency, json, record }: z.infer<
    typeof options
  >,
): Promise<ExitStatus> {
  const print = reporter([json]);
  const name = nameOf(submission);
  if (record && !/^\w+$/.test(name)) {
    throw new CommandError(
      `Cannot record "${submission}"; expected an entry of corpus/, or no --submission`,
    );
  }
  if (record && seeds !== SEEDS) {
    throw new CommandError(`Cannot record ${seeds} seeds; expected ${SEEDS}, as for other rows`);
  }
  const equivalents = await readEquivalents();
  const tried = await tryAll(await readSubmission(submission), seeds, jobs);
  const survived = tried.filter(({ result }) => result.kind === "survived");
  const judged = judgeSurvivors(equivalents, name, survived.map(({ mutant }) => mutant));
  const { equivalent, survivors, stale } = judged;
  const counts = {
    mutants: tried.length,
    caught: tried.length - survived.length,
    equivalent: equivalent.length,
    survivors: survivors.length,
  };
  const caughtBy: Record<string, number> = {};
  for (const { result } of tried) {
    if (result.kind === "caught") caughtBy[result.by] = (caughtBy[result.by] ?? 0) + 1;
  }
  const isSame = new Map(survived.map((each) => [each.mutant, each.isSame]));
  for (const line of linesOf(name, counts, caughtBy, judged, isSame)) print(line);
  await writeResult(json, () => {
    const entry = (mutant: Mutant) => {
      const { file, line, column } = mutant;
      return { file, line, column, ...changeOf(mutant), sameRuns: isSame.get(mutant) };
    };
    const result = { submission: name, mutants: tried.length, caughtBy };
    const changes = { equivalent: equivalent.map(entry), survivors: survivors.map(entry), stale };
    return JSON.stringify({ ...result, ...changes }, null, 2);
  });
  if (record) {
    const page = await Deno.readTextFile(PAGE);
    await writeResult(PAGE, () => withRow(page, { submission: name, ...counts }).trimEnd());
  }
  return survivors.length === 0 ? EXIT_STATUS.ok : EXIT_STATUS.failed;
}

/** Returns the name of a submission in the file of reasons. */
function nameOf(submission: string): string {
  const path = relative(LAB, submission).replaceAll("\\", "/");
  return path === "" ? "reference" : path.replace(/^corpus\//, "");
}

async function readSubmission(folder: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const file of FILES) {
    const text = await Deno.readTextFile(`${folder}/${file}`).catch(({ message }: Error) => {
      throw new CommandError(
        `Cannot read ${file} in "${folder}": ${message}; ` +
          "expected a folder with a client.ts and a server.ts",
      );
    });
    files.set(file, text);
  }
  return files;
}

async function tryAll(
  files: ReadonlyMap<string, string>,
  seeds: number,
  jobs: number,
): Promise<TriedMutant[]> {
  const mutants = FILES.flatMap((file) => mutantsOf(file, files.get(file)!));
  using stack = new DisposableStack();
  const runners = Array.from({ length: jobs }, () => stack.use(new MutantRunner()));
  using progress = new Progress(mutants.length, "mutants");
  let [done, survived] = [0, 0];
  try {
    return await tryMutants(files, mutants, seeds, runners, ({ result }) => {
      if (result.kind === "survived") survived++;
      progress.update(++done, `${survived} survived`);
    });
  } finally {
    await stopCompiler();
  }
}

/** Returns the lines of the result. */
function linesOf(
  name: string,
  { mutants, caught, equivalent, survivors }: Omit<MutationRow, "submission">,
  caughtBy: Record<string, number>,
  judged: Judged,
  isSame: ReadonlyMap<Mutant, boolean>,
): string[] {
  const by = Object.entries(caughtBy).map(([by, count]) => `${by} ${count}`).join(", ");
  return [
    `${name}: ${mutants} mutants, ${caught} caught, ${equivalent} equivalent, ` +
    `${survivors} survivors`,
    `  caught by: ${by}`,
    ...judged.survivors.flatMap((mutant) => {
      const { file, line, column } = mutant;
      const { text, change } = changeOf(mutant);
      const note = isSame.get(mutant) ? " (same runs)" : "";
      return [`${file}:${line}:${column}: ${change}${note}`, `    ${text}`];
    }),
    ...judged.stale.map(({ place, change }) => {
      return `A reason in mutate/equivalents.json is stale; remove it: ${place}: ${change}`;
    }),
  ];
}

if (import.meta.main) await main(mutateCommand);
