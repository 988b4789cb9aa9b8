/**
 * `deno task detect`: runs every test with every entry of the corpus, over many seeds, and writes
 * the share of failures to a page.
 *
 * A row of the page is kept if the entry's runs with the first seed still have its digest. Use
 * `--fresh` after a change of what counts as a failure, which the digest does not show.
 *
 * @module
 */

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
  wholeNumber,
  writeResult,
} from "../cli/mod.ts";
import { corpusEntries, type Expectation, expectationOf, TestName } from "../corpus/expectation.ts";
import { detect, type Detection, shortcomings } from "./detection/detection.ts";
import { formatDetections, parseDetections, restOf } from "./detection/detection_file.ts";

const PAGE = fileURLToPath(new URL("../docs/detection.md", import.meta.url));

const options = z.strictObject({
  seeds: wholeNumber("seeds", 1).default(200)
    .meta({ value: "N", description: "The number of seeds for each wrong entry; 200" }),
  right: wholeNumber("right", 1).default(1000)
    .meta({ value: "N", description: "The number of seeds for each right entry; 1000" }),
  fresh: flag().meta({ description: "Measures entries again even if their runs have not changed" }),
  output: z.string().default(PAGE)
    .meta({ value: "F", description: "The file for the page; docs/detection.md" }),
});

/** The command. */
export const detectCommand: Command<typeof options> = {
  name: "detect",
  summary: "Measures what the tests catch: every entry of the corpus, every test, many seeds. " +
    "With names of entries, it measures these and keeps the rows of the others.",
  operands: { name: "ENTRY", min: 0 },
  options,
  run: measure,
};

async function measure(
  { seeds: wrong, right, fresh, output }: z.infer<typeof options>,
  chosen: string[],
): Promise<ExitStatus> {
  const entries = corpusEntries();
  const unknown = chosen.find((name) => !entries.includes(name));
  if (unknown !== undefined) {
    throw new CommandError(`No entry "${unknown}" in corpus/; expected the name of a folder there`);
  }
  const page = await Deno.readTextFile(output).catch(() => "");
  const { seeds, rows } = parseDetections(page);
  const isOfSameSeeds = seeds.wrong === wrong && seeds.right === right;
  if (chosen.length > 0 && rows.size > 0 && !isOfSameSeeds) {
    throw new CommandError(
      `Cannot keep the rows of other entries: "${output}" has ${seeds.wrong} seeds of wrong ` +
        `entries and ${seeds.right} of right ones, expected ${wrong} and ${right}; give it ` +
        "another --output, or name no entry",
    );
  }
  const expectations = new Map<string, Expectation>();
  for (const entry of entries) expectations.set(entry, await expectationOf(entry));
  const keep = (entry: string): Detection => {
    return { entry, expectation: expectations.get(entry)!, ...rows.get(entry)! };
  };
  const isChosen = (entry: string) => chosen.length === 0 || chosen.includes(entry);
  const isSame = async (entry: string) => {
    if (chosen.length > 0 || fresh || !isOfSameSeeds || !rows.has(entry)) return false;
    return (await detect(entry, 1)).runs === rows.get(entry)!.runs;
  };
  const detections = entries.filter((entry) => !isChosen(entry) && rows.has(entry)).map(keep);
  const measured = entries.filter(isChosen).map((entry) => {
    return { entry, seeds: expectations.get(entry)!.intended === undefined ? right : wrong };
  });
  const runs = (seeds: number) => seeds * TestName.options.length;
  {
    using progress = new Progress(
      runs(measured.reduce((sum, { seeds }) => sum + seeds, 0)),
      "runs",
    );
    let done = 0;
    const rest = measured[Symbol.iterator]();
    const measureRest = async () => {
      for (const { entry, seeds } of rest) {
        if (await isSame(entry)) {
          detections.push(keep(entry));
          progress.update(done += runs(seeds), entry);
          continue;
        }
        const detection = await detect(entry, seeds, () => progress.update(++done, entry));
        detections.push(detection);
        if (!Deno.stderr.isTerminal()) console.log(`${entry}: ${detection.shares.join(" ")}`);
      }
    };
    await Promise.all(Array.from({ length: navigator.hardwareConcurrency }, measureRest));
  }
  detections.sort((a, b) => a.entry < b.entry ? -1 : 1);
  await writeResult(output, () => {
    return (formatDetections(detections, { wrong, right }) + restOf(page)).trimEnd();
  });
  const problems = detections.flatMap(shortcomings);
  for (const problem of problems) console.log(problem);
  return problems.length === 0 ? EXIT_STATUS.ok : EXIT_STATUS.failed;
}

if (import.meta.main) await main(detectCommand);
