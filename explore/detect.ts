/**
 * `deno task detect`: runs every test with every entry of the corpus, over many seeds,
 * and writes down what was caught.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { z } from "zod";
import {
  type Command,
  EXIT_STATUS,
  type ExitStatus,
  main,
  Progress,
  wholeNumber,
  writeResult,
} from "../cli/mod.ts";
import { corpusEntries, expectationOf, TestName } from "../corpus/expectation.ts";
import { detect, type Detection, shortcomings } from "./detection.ts";
import { formatDetections } from "./detection_file.ts";
import { digestOfLab, keptDetection } from "./detection_kept.ts";

const PAGE = fileURLToPath(new URL("../docs/detection.md", import.meta.url));

const options = z.strictObject({
  seeds: wholeNumber("seeds", 1).default(200)
    .meta({ value: "N", description: "With how many seeds each wrong entry is run; 200" }),
  right: wholeNumber("right", 1).default(1000)
    .meta({ value: "N", description: "With how many seeds each right entry is run; 1000" }),
  output: z.string().default(PAGE)
    .meta({ value: "F", description: "Where the page goes; docs/detection.md" }),
});

/** The command. */
export const detectCommand: Command<typeof options> = {
  name: "detect",
  summary: "Measures what the tests catch: every entry of the corpus, every test, many seeds.",
  options,
  run: measure,
};

async function measure(
  { seeds: wrong, right, output }: z.infer<typeof options>,
): Promise<ExitStatus> {
  const entries = await Promise.all(
    corpusEntries().map(async (entry) => {
      const { intended } = await expectationOf(entry);
      return { entry, seeds: intended === undefined ? right : wrong };
    }),
  );
  const total = entries.reduce((sum, { seeds }) => sum + seeds, 0) * TestName.options.length;
  const detections: Detection[] = [];
  const lab = await digestOfLab();
  {
    using progress = new Progress(total, "runs");
    let done = 0;
    const rest = entries[Symbol.iterator]();
    const runRest = async () => {
      for (const { entry, seeds } of rest) {
        const { detection, isKept } = await keptDetection(lab, entry, seeds, () => {
          return detect(entry, seeds, () => progress.update(++done, entry));
        });
        if (isKept) progress.update(done += seeds * TestName.options.length, entry);
        detections.push(detection);
        if (!Deno.stderr.isTerminal()) console.log(`${entry}: ${detection.shares.join(" ")}`);
      }
    };
    await Promise.all(Array.from({ length: navigator.hardwareConcurrency }, runRest));
  }
  detections.sort((a, b) => a.entry < b.entry ? -1 : 1);
  await writeResult(output, () => formatDetections(detections, { wrong, right }).trimEnd());
  const problems = detections.flatMap(shortcomings);
  for (const problem of problems) console.log(problem);
  return problems.length === 0 ? EXIT_STATUS.ok : EXIT_STATUS.failed;
}

if (import.meta.main) await main(detectCommand);
