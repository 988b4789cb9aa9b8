/**
 * `deno task lincheck FILE…` checks if recorded histories are linearizable.
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
  readInputBytes,
  reporter,
  writeResult,
} from "../cli/mod.ts";
import {
  check,
  type CheckResult,
  cleanText,
  type Conflict,
  cutEnd,
  describeOperation,
  explainParts,
  type Explanation,
  findOverlap,
  type HistoryFile,
  HistoryFileError,
  kv,
  type Model,
  ModelName,
  parseHistory,
  type PartResult,
  register,
  type Verdict,
} from "../linearizability/mod.ts";
import type { PagePart } from "../visualizer/mod.ts";
import { pageParts } from "../visualizer/parts.ts";
import { historyText } from "./history_text.ts";

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

/** The result of one file in JSON. */
interface FileResult {
  file: string;
  verdict: Verdict;
  /** The number of its operations. */
  operations: number;
  elapsedMs: number;
  /** The index of the first operation that cannot be placed. */
  firstStuck?: number;
  /** The names of the parts that were not decided, if any. */
  undecided?: readonly string[];
}

/** A checked file. */
interface Checked {
  result: FileResult;
  /** The lines about the file, and about parts that are not linearizable or not decided. */
  lines: string[];
  /** A doubt about the history, in one line. */
  warning: string | undefined;
  /** The parts of the page; empty without --html. */
  pageParts: PagePart[];
}

/** The number of characters to show of an operation or a key. */
const SHOWN_LENGTH_MAX = 200;

/** The command. */
export const lincheck: Command<typeof options> = {
  name: "lincheck",
  summary: "Checks if recorded histories are linearizable; - is the standard input.",
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
        const one = await checkFile(file, options, (seconds) => {
          progress.update(checked.length, `${file} for ${seconds.toFixed(0)} s`);
        });
        checked.push(one);
        // Another file may take long, so the verdict is printed immediately.
        progress.pause();
        if (one.warning !== undefined) console.error(`lincheck: ${one.warning}`);
        for (const line of one.lines) say(line);
      } catch (error) {
        if (!(error instanceof HistoryFileError || error instanceof CommandError)) throw error;
        const problem = error instanceof CommandError ? error.message : `${file}: ${error.message}`;
        progress.pause();
        console.error(`lincheck: ${problem}`);
        unread++;
      }
    }
  }
  const results = checked.map(({ result }) => result);
  await writeResult(options.json, () => JSON.stringify({ files: results }, undefined, 2));
  await writeResult(options.html, async () => {
    // Older versions of Deno cannot load it; main() has refused them by now.
    const { renderPage } = await import("../visualizer/mod.ts");
    return renderPage({
      title: files.join(", "),
      parts: checked.flatMap(({ pageParts }) => pageParts),
    });
  });
  const has = (verdict: Verdict) => results.some((result) => result.verdict === verdict);
  if (has("not linearizable")) return EXIT_STATUS.failed;
  return unread > 0 || has("inconclusive") ? EXIT_STATUS.unknown : EXIT_STATUS.ok;
}

/** Names of files that hold EDN, packed or not. */
const EDN_NAME = /\.edn(?:\.gz)?$/i;

/** An operation of a history file of any model, and the model. */
type AnyOperation = HistoryFile["operations"][number];
type AnyModel = Model<AnyOperation, unknown>;

async function checkFile(
  file: string,
  options: Options,
  onProgress: (seconds: number) => void,
): Promise<Checked> {
  const openedMs = performance.now();
  const isOver = () => {
    const seconds = (performance.now() - openedMs) / 1000;
    onProgress(seconds);
    return seconds > options.timeout;
  };
  const text = await historyText(await readInputBytes(file), isOver);
  const isEdn = EDN_NAME.test(file);
  const history = parseHistory(text, { model: options.model, isEdn, isOver });
  const model = (history.model === "kv" ? kv : register) as unknown as AnyModel;
  const operations: readonly AnyOperation[] = history.operations;
  const startMs = performance.now();
  const checked = check(model, operations, { isOver });
  const elapsedMs = performance.now() - startMs;
  const { verdict, parts, undecided } = checked;
  const explanations = explainParts(model, checked, { isOver });
  const wrong = parts.find((part) =>
    part.verdict === "not linearizable" && part.stuck !== undefined
  );
  const stuck = wrong && (explanations.get(wrong)?.conflict?.stuck ??
    wrong.operations[wrong.stuck!]!);
  const result: FileResult = {
    file,
    verdict,
    operations: operations.length,
    elapsedMs,
    ...stuck === undefined ? {} : { firstStuck: operations.indexOf(stuck) },
    ...undecided.length > 0 ? { undecided } : {},
  };
  return {
    result,
    lines: linesOf(result, model, checked, explanations),
    warning: overlapWarning(file, model, operations),
    pageParts: options.html === undefined ? [] : pageParts(model, checked, explanations),
  };
}

/** Returns a warning that names the first two operations of one client that overlap. */
function overlapWarning(
  file: string,
  model: AnyModel,
  operations: readonly AnyOperation[],
): string | undefined {
  const overlap = findOverlap(operations);
  if (overlap === undefined) return undefined;
  const [earlier, later] = overlap.map((operation) => {
    const { call, return: returned } = operation;
    return `${described(model, operation)} from ${call} to ${returned ?? "no return"}`;
  });
  return `${file}: operations of client ${overlap[0].client} overlap, first ${earlier} and ` +
    `${later}; they count as concurrent`;
}

/** Describes an operation for a terminal, cut to a readable length. */
function described(model: AnyModel, operation: AnyOperation): string {
  return cleanText(cutEnd(describeOperation(model, operation), SHOWN_LENGTH_MAX));
}

/** Returns the lines about a file. */
function linesOf(
  { file, verdict, operations, elapsedMs }: FileResult,
  model: AnyModel,
  { parts }: CheckResult<AnyOperation>,
  explanations: ReadonlyMap<PartResult<AnyOperation>, Explanation<AnyOperation>>,
): string[] {
  const count = `${operations} operation${operations === 1 ? "" : "s"}`;
  // Keys that are not linearizable come first; nobody reads 300,000 lines.
  const told = (["not linearizable", "inconclusive"] as const).flatMap((verdict) => {
    return parts.filter((part) => part.verdict === verdict);
  });
  const rest = told.length - PARTS_SHOWN_MAX;
  return [
    `${file}: ${verdict}, ${count}, ${elapsedMs.toFixed(1)} ms`,
    ...told.slice(0, PARTS_SHOWN_MAX).flatMap((part) => {
      const name = part.part === ""
        ? ""
        : `${cleanText(JSON.stringify(cutEnd(part.part, SHOWN_LENGTH_MAX)))}: `;
      if (part.verdict === "not linearizable") {
        return wrongLines(name, model, part, explanations.get(part) ?? {});
      }
      return verdict === "inconclusive"
        ? `  ${name}could not be decided in the time and memory given`
        : `  ${name}not decided, as the history is refuted without it`;
    }),
    ...rest > 0 ? [`  and ${rest} more; --json names those that are not decided`] : [],
  ];
}

/** Returns the lines about a part that is not linearizable. */
function wrongLines(
  name: string,
  model: AnyModel,
  { order, operations, leftOut, stuck }: PartResult<AnyOperation>,
  { reason, conflict }: Explanation<AnyOperation>,
): string[] {
  const lines: string[] = [];
  if (reason !== undefined) lines.push(cleanText(`  ${name}${reason.kind}: ${reason.sentence}`));
  else if (stuck === undefined) {
    lines.push(`  ${name}not linearizable; no time was left to explain it`);
  }
  const withTimes = (operation: AnyOperation) => {
    const { client, call, return: returned } = operation;
    return `client ${client}: ${described(model, operation)}, from ${call} to ${returned}`;
  };
  const last = conflict?.stuck ?? (stuck === undefined ? undefined : operations[stuck]);
  // Time may have run out before the longest beginning was found.
  if (last === undefined) return lines;
  const placed = conflict?.order.length ?? order.length;
  const count = `${placed} of ${operations.length + leftOut.length} operations`;
  lines.push(`  ${name}${count} can be placed, then not ${withTimes(last)}`);
  return [...lines, ...subsetLines(conflict, withTimes)];
}

/** The maximum number of parts in the lines. */
const PARTS_SHOWN_MAX = 20;

/** The maximum number of contradicting operations in the lines. */
const SUBSET_MAX = 8;

/** Lists the operations that contradict each other if there are more than two. */
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

if (import.meta.main) await main(lincheck);
