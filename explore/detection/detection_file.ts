/**
 * The matrix of what the tests catch, as a page for people that a test can read again.
 *
 * @module
 */

import { TestName } from "../../corpus/expectation.ts";
import type { Detection } from "./detection.ts";

/** The number of seeds for each entry. */
export interface DetectionSeeds {
  /** Each wrong one. */
  wrong: number;
  /** Each right one. */
  right: number;
}

/** Writes the matrix. */
export function formatDetections(
  detections: readonly Detection[],
  { wrong, right }: DetectionSeeds,
): string {
  const isRight = ({ expectation }: Detection) => expectation.intended === undefined;
  const heading = ["entry", ...TestName.options, "runs"];
  const table = (rows: readonly Detection[]) =>
    [
      heading,
      heading.map((_, column) => column === 0 ? "---" : "--:"),
      ...rows.map((detection) => [
        detection.entry,
        ...detection.shares.map((share, i) => {
          const isIntended = TestName.options[i] === detection.expectation.intended;
          const text = share === 0 ? "·" : `${(share * 100).toFixed(share === 1 ? 0 : 1)} %`;
          return isIntended ? `**${text}**` : text;
        }),
        `\`${detection.runs}\``,
      ]),
    ].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
  return `# What the tests catch

\`deno task detect\` wrote this page: with which share of seeds each test fails, for each entry of
\`corpus/\`. The test that is meant to catch an entry stands out; it has to, with 99 % of the seeds.
\`runs\` is a digest of the runs with the first seed. A test runs these again, so that the page cannot
grow old unnoticed.

## Wrong entries, ${wrong} seeds each

${table(detections.filter((detection) => !isRight(detection)))}

## Right entries, ${right} seeds each

${table(detections.filter(isRight))}
`;
}

/** Returns what stands in a page below the tables that {@linkcode formatDetections} writes. */
export function restOf(page: string): string {
  return /^## Right entries.*\n\n(?:\|.*\n)+([^]*)/m.exec(page)?.[1] ?? "";
}

/** A row of the page, as far as it can be read again. */
export interface DocumentedRow {
  /** The share of seeds that failed, for each test in their order. */
  shares: number[];
  /** The digest of the entry's runs. */
  runs: string;
}

/** The content of the page. */
export interface DocumentedDetections {
  seeds: DetectionSeeds;
  rows: Map<string, DocumentedRow>;
}

/** Reads a page that `formatDetections()` wrote. */
export function parseDetections(page: string): DocumentedDetections {
  const seedsOf = (kind: string) => {
    return Number(new RegExp(`^## ${kind} entries, (\\d+) seeds each$`, "m").exec(page)?.[1] ?? 0);
  };
  const rows = new Map<string, DocumentedRow>();
  for (
    const [, entry, cells, runs] of page.matchAll(/^\| (\w+) \| (.*) \| `([0-9a-f]{8})` \|$/gm)
  ) {
    const shares = cells!.split(" | ").map((cell) => {
      return cell === "·" ? 0 : Number(cell.replaceAll(/[*% ]/g, "")) / 100;
    });
    rows.set(entry!, { shares, runs: runs! });
  }
  return { seeds: { wrong: seedsOf("Wrong"), right: seedsOf("Right") }, rows };
}
