/**
 * `deno task detect`: runs every test with every entry of the corpus, over many seeds,
 * and writes down what was caught.
 *
 * A row of the page is kept if the entry's runs with the first seed have the digest that
 * stands there, so that a changed entry costs little more than its own runs. Use `--fresh`
 * after a change of what counts as a failure, which such a digest does not show.
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
import { corpusEntries, expectationOf, TestName } from "../corpus/expectation.ts";
import { detect, type Detection, shortcomings } from "./detection/detection.ts";
import {
  type DetectionSeeds,
  formatDetections,
  parseDetections,
  restOf,
} from "./detection/detection_file.ts";

const PAGE = fileURLToPath(new URL("../docs/detection.md", import.meta.url));

const options = z.strictObject({
  seeds: wholeNumber("seeds", 1).default(200)
    .meta({ value: "N", description: "With how many seeds each wrong entry is run; 200" }),
  right: wholeNumber("right", 1).default(1000)
    .meta({ value: "N", description: "With how many seeds each right entry is run; 1000" }),
  fresh: flag().meta({ description: "Measures the entries again whose runs have not changed" }),
  output: z.string().default(PAGE)
    .meta({ value: "F", description: "Where the page goes; docs/detection.md" }),
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
  operands: string[],
): Promise<ExitStatus> {
  const names = corpusEntries();
  const unknown = operands.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new CommandError(`No entry "${unknown}" in corpus/; expected the name of a folder there`);
  }
  const documented = await rowsOf(output, { wrong, right });
  const isKept = (name: string) => {
    return operands.length > 0 && !operands.includes(name) && documented.has(name);
  };
  const entries = await Promise.all(
    names.map(async (entry) => {
      const { intended } = await expectationOf(entry);
      return { entry, seeds: isKept(entry) ? 0 : intended === undefined ? right : wrong };
    }),
  );
  const total = entries.reduce((sum, { seeds }) => sum + seeds, 0) * TestName.options.length;
  const detections: Detection[] = [];
  {
    using progress = new Progress(total, "runs");
    let done = 0;
    const rest = entries[Symbol.iterator]();
    const runRest = async () => {
      for (const { entry, seeds } of rest) {
        const row = documented.get(entry);
        const isSame = row !== undefined &&
          (isKept(entry) || !fresh && !operands.includes(entry) &&
              (await detect(entry, 1)).runs === row.runs);
        if (isSame) {
          detections.push({ entry, expectation: await expectationOf(entry), ...row });
          progress.update(done += seeds * TestName.options.length, entry);
          continue;
        }
        const detection = await detect(entry, seeds, () => progress.update(++done, entry));
        detections.push(detection);
        if (!Deno.stderr.isTerminal()) console.log(`${entry}: ${detection.shares.join(" ")}`);
      }
    };
    await Promise.all(Array.from({ length: navigator.hardwareConcurrency }, runRest));
  }
  detections.sort((a, b) => a.entry < b.entry ? -1 : 1);
  const rest = restOf(await Deno.readTextFile(output).catch(() => ""));
  await writeResult(output, () => {
    return (formatDetections(detections, { wrong, right }) + rest).trimEnd();
  });
  const problems = detections.flatMap(shortcomings);
  for (const problem of problems) console.log(problem);
  return problems.length === 0 ? EXIT_STATUS.ok : EXIT_STATUS.failed;
}

/** The rows of a page that was written with as many seeds; none if there is no such page. */
async function rowsOf(file: string, { wrong, right }: DetectionSeeds) {
  const page = await Deno.readTextFile(file).catch(() => "");
  const { seeds, rows } = parseDetections(page);
  return seeds.wrong === wrong && seeds.right === right ? rows : new Map<string, never>();
}

if (import.meta.main) await main(detectCommand);
