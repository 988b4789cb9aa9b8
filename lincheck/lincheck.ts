/**
 * `deno task lincheck FILE…`: whether recorded histories are linearizable.
 *
 * @module
 */

import { z } from "zod";
import {
  type Command,
  CommandError,
  EXIT_STATUS,
  type ExitStatus,
  main,
  Progress,
  readInput,
  reporter,
  writeResult,
} from "../cli/mod.ts";
import {
  check,
  type CheckResult,
  type Conflict,
  explainParts,
  type Explanation,
  type HistoryFile,
  HistoryFileError,
  kv,
  type Model,
  ModelName,
  parseHistory,
  type PartResult,
  register,
  type Timed,
  type Verdict,
} from "../linearizability/mod.ts";
import { type PagePart, pageParts, renderPage } from "../visualizer/mod.ts";

const TIMEOUT = "expected a number of seconds above 0, for example --timeout=10";

const options = z.strictObject({
  model: ModelName.optional().meta({
    value: "kv|register",
    description: "The model, where the files do not say",
  }),
  timeout: z.string().transform(Number).refine(
    (seconds) => seconds > 0 && Number.isFinite(seconds),
    TIMEOUT,
  ).default(60)
    .meta({ value: "SECONDS", description: "How long a file may take, 60 if absent" }),
  json: z.string().optional().meta({
    value: "F",
    description: "Writes the verdicts as JSON; - is the standard output",
  }),
  html: z.string().optional().meta({
    value: "F",
    description: "Writes a page that shows the histories; - is the standard output",
  }),
});
type Options = z.infer<typeof options>;

/** What was found out about one file. */
interface FileResult {
  file: string;
  verdict: Verdict;
  /** How many operations it holds. */
  operations: number;
  elapsedMs: number;
  /** The place in the file, from 0, of the first operation that cannot be placed. */
  firstStuck?: number;
}

/** A checked file. */
interface Checked {
  result: FileResult;
  /** What to say of the parts that are not linearizable, or not decided. */
  lines: string[];
  pageParts: PagePart[];
}

/** The command. */
export const lincheck: Command<typeof options> = {
  name: "lincheck",
  summary: "Checks whether recorded histories are linearizable; - is the standard input.",
  operands: { name: "FILE", min: 1 },
  options,
  run: checkFiles,
};

async function checkFiles(options: Options, files: string[]): Promise<ExitStatus> {
  const say = reporter([options.json, options.html], files);
  const checked: Checked[] = [];
  let unread = 0;
  {
    using progress = new Progress(files.length, "files");
    for (const file of files) {
      try {
        checked.push(checkFile(file, await readInput(file), options, (seconds) => {
          progress.update(checked.length, `${file} for ${seconds.toFixed(0)} s`);
        }));
      } catch (error) {
        if (!(error instanceof HistoryFileError || error instanceof CommandError)) throw error;
        const problem = error instanceof CommandError ? error.message : `${file}: ${error.message}`;
        console.error(`lincheck: ${problem}`);
        unread++;
      }
    }
  }
  for (const { lines } of checked) for (const line of lines) say(line);
  const results = checked.map(({ result }) => result);
  await writeResult(options.json, () => JSON.stringify({ files: results }, undefined, 2));
  await writeResult(options.html, () => {
    return renderPage({
      title: files.join(", "),
      parts: checked.flatMap(({ pageParts }) => pageParts),
    });
  });
  const has = (verdict: Verdict) => results.some((result) => result.verdict === verdict);
  if (has("not linearizable")) return EXIT_STATUS.failed;
  return unread > 0 || has("inconclusive") ? EXIT_STATUS.unknown : EXIT_STATUS.ok;
}

function checkFile(
  file: string,
  text: string,
  options: Options,
  onProgress: (seconds: number) => void,
): Checked {
  const history = parseHistory(text, options.model);
  const startMs = performance.now();
  const isOver = () => {
    const seconds = (performance.now() - startMs) / 1000;
    onProgress(seconds);
    return seconds > options.timeout;
  };
  return withModel(history, (model, operations) => {
    const checked = check(model, operations, { isOver });
    const elapsedMs = performance.now() - startMs;
    const { verdict, parts } = checked;
    const explanations = explainParts(model, checked, { isOver });
    const wrong = parts.find((part) => part.verdict === verdict && part.stuck !== undefined);
    const stuck = wrong && (explanations.get(wrong)?.conflict?.stuck ??
      wrong.operations[wrong.stuck!]!);
    const result: FileResult = {
      file,
      verdict,
      operations: operations.length,
      elapsedMs,
      ...verdict === "not linearizable" && stuck !== undefined
        ? { firstStuck: operations.indexOf(stuck) }
        : {},
    };
    return {
      result,
      lines: linesOf(result, model, checked, explanations),
      pageParts: pageParts(model, checked, explanations),
    };
  });
}

/** Goes on with the model that a history is of. */
function withModel<T>(
  history: HistoryFile,
  run: <Op extends Timed, State>(model: Model<Op, State>, operations: readonly Op[]) => T,
): T {
  return history.model === "kv" ? run(kv, history.operations) : run(register, history.operations);
}

/** What is to be said of a file: one line, and more about what is wrong. */
function linesOf<Op extends Timed, State>(
  { file, verdict, operations, elapsedMs }: FileResult,
  model: Model<Op, State>,
  { parts }: CheckResult<Op>,
  explanations: ReadonlyMap<PartResult<Op>, Explanation<Op>>,
): string[] {
  const count = `${operations} operation${operations === 1 ? "" : "s"}`;
  const lines = [`${file}: ${verdict}, ${count}, ${elapsedMs.toFixed(1)} ms`];
  for (const part of parts) {
    if (part.verdict === "linearizable") continue;
    const name = part.part === "" ? "" : `${JSON.stringify(cut(part.part))}: `;
    if (part.verdict === "inconclusive") {
      lines.push(`  ${name}could not be decided in the time and memory given`);
      continue;
    }
    const { order, operations, stuck } = part;
    const { reason, conflict } = explanations.get(part) ?? {};
    if (reason !== undefined) lines.push(`  ${name}${reason.kind}: ${reason.sentence}`);
    const described = (operation: Op) => {
      const { client, call, return: returned } = operation;
      return `client ${client}: ${cut(model.describe(operation))}, from ${call} to ${returned}`;
    };
    const placed = conflict?.order.length ?? order.length;
    lines.push(
      `  ${name}${placed} of ${operations.length} operations can be placed, then not ` +
        described(conflict?.stuck ?? operations[stuck!]!),
    );
    lines.push(...subsetLines(conflict, described));
  }
  return lines;
}

/** The number of contradicting operations that are listed. */
const SUBSET_MAX = 8;

/** Lists the operations that contradict each other, where two are not all there is. */
function subsetLines<Op>(
  conflict: Conflict<Op> | undefined,
  described: (operation: Op) => string,
): string[] {
  if (conflict === undefined || conflict.subset.length < 3) return [];
  const { subset, isMinimal } = conflict;
  const left = subset.length - SUBSET_MAX;
  return [
    `    These ${subset.length} operations are not linearizable by themselves` +
    `${isMinimal ? "" : ", and maybe fewer of them"}:`,
    ...subset.slice(0, SUBSET_MAX).map((operation) => `      ${described(operation)}`),
    ...left > 0 ? [`      and ${left} more`] : [],
  ];
}

const SHOWN_LENGTH_MAX = 200;

function cut(text: string): string {
  return text.length <= SHOWN_LENGTH_MAX ? text : `${text.slice(0, SHOWN_LENGTH_MAX)}…`;
}

if (import.meta.main) await main(lincheck);
