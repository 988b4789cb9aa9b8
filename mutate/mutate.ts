/**
 * `deno task mutate`: changes a right submission in many small ways, and says which changes
 * no test notices.
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
import {
  changeOf,
  EQUIVALENTS,
  type Judged,
  judgeSurvivors,
  readEquivalents,
} from "./equivalents.ts";
import type { Mutant } from "./mutants.ts";
import { MutantRunner } from "./mutant_runner.ts";
import { Mutation, type TriedMutant } from "./mutation.ts";
import { withRow } from "./table.ts";

const LAB = fileURLToPath(new URL("../", import.meta.url));
const PAGE = fileURLToPath(new URL("../docs/detection.md", import.meta.url));

/** The seeds of each test, also for the rows of the page. */
const SEEDS = 3;

const options = z.strictObject({
  submission: z.string().optional()
    .meta({ value: "DIR", description: "The folder of a right submission; this lab's own" }),
  seeds: wholeNumber("seeds", 1).default(SEEDS)
    .meta({ value: "N", description: `With how many seeds each test is run; ${SEEDS}` }),
  jobs: wholeNumber("jobs", 1).optional()
    .meta({ value: "N", description: "How many processes run at the same time; one a core" }),
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
  const equivalents = await readEquivalents(EQUIVALENTS);
  const mutation = new Mutation(await readSubmission(submission), seeds);
  const tried = await runAll(mutation, jobs);
  const survived = tried.filter(({ result }) => result.kind === "survived");
  const judged = judgeSurvivors(equivalents, name, survived.map(({ mutant }) => mutant));
  const isSame = new Map(survived.map((each) => [each.mutant, each.isSame]));
  for (const line of linesOf(name, tried, judged, isSame)) print(line);
  await writeResult(json, () => JSON.stringify(resultOf(name, tried, judged, isSame), null, 2));
  if (record) {
    const row = { submission: name, ...countsOf(tried, judged) };
    const page = await Deno.readTextFile(PAGE);
    await writeResult(PAGE, () => withRow(page, row).trimEnd());
  }
  return judged.survivors.length === 0 ? EXIT_STATUS.ok : EXIT_STATUS.failed;
}

/** The name of a submission in the file of reasons. */
function nameOf(submission: string): string {
  const path = relative(LAB, submission).replaceAll("\\", "/");
  return path === "" ? "reference" : path.replace(/^corpus\//, "");
}

async function readSubmission(folder: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const file of ["client.ts", "server.ts"]) {
    try {
      files.set(file, await Deno.readTextFile(`${folder}/${file}`));
    } catch (error) {
      throw new CommandError(
        `Cannot read ${file} in "${folder}": ${(error as Error).message}; ` +
          "expected a folder with a client.ts and a server.ts",
      );
    }
  }
  return files;
}

async function runAll(mutation: Mutation, jobs: number): Promise<TriedMutant[]> {
  using stack = new DisposableStack();
  const runners = Array.from({ length: jobs }, () => stack.use(new MutantRunner()));
  using progress = new Progress(mutation.mutants.length, "mutants");
  let [done, survived] = [0, 0];
  try {
    return await mutation.run(runners, ({ result }) => {
      if (result.kind === "survived") survived++;
      progress.update(++done, `${survived} survived`);
    });
  } finally {
    await stopCompiler();
  }
}

/** Says what came out, for people. */
function linesOf(
  name: string,
  tried: readonly TriedMutant[],
  judged: Judged,
  isSame: ReadonlyMap<Mutant, boolean>,
): string[] {
  const by = [...countCaught(tried)].map(([by, count]) => `${by} ${count}`).join(", ");
  const { mutants, caught, equivalent, survivors } = countsOf(tried, judged);
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
      return `A reason in mutate/equivalents.json is stale, take it out: ${place}: ${change}`;
    }),
  ];
}

function countsOf(tried: readonly TriedMutant[], { equivalent, survivors }: Judged) {
  return {
    mutants: tried.length,
    caught: tried.length - equivalent.length - survivors.length,
    equivalent: equivalent.length,
    survivors: survivors.length,
  };
}

/** Counts the caught mutants by what caught them. */
function countCaught(tried: readonly TriedMutant[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { result } of tried) {
    if (result.kind === "caught") counts.set(result.by, (counts.get(result.by) ?? 0) + 1);
  }
  return counts;
}

function resultOf(
  name: string,
  tried: readonly TriedMutant[],
  { equivalent, survivors, stale }: Judged,
  isSame: ReadonlyMap<Mutant, boolean>,
) {
  const entry = (mutant: Mutant) => {
    const { file, line, column } = mutant;
    return { file, line, column, ...changeOf(mutant), sameRuns: isSame.get(mutant) };
  };
  return {
    submission: name,
    mutants: tried.length,
    caughtBy: Object.fromEntries(countCaught(tried)),
    equivalent: equivalent.map(entry),
    survivors: survivors.map(entry),
    stale,
  };
}

if (import.meta.main) await main(mutateCommand);
