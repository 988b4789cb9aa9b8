/**
 * The page that shows which tests catch which entries, which a test can read again.
 *
 * @module
 */

import { TestName } from "../../corpus/expectation.ts";
import type { Detection } from "./detection.ts";

/** The number of seeds for each wrong entry, and for each right one. */
export type DetectionSeeds = Record<"wrong" | "right", number>;

/** Returns the page. */
export function formatDetections(
  detections: readonly Detection[],
  { wrong, right }: DetectionSeeds,
): string {
  const heading = ["entry", ...TestName.options, "runs"];
  const table = (isRight: boolean) => {
    const rows = detections.filter(({ expectation: { intended } }) => {
      return (intended === undefined) === isRight;
    }).map(({ entry, shares, expectation, runs }) => {
      const cells = shares.map((share, i) => {
        const text = share === 0 ? "·" : `${(share * 100).toFixed(share === 1 ? 0 : 1)} %`;
        return TestName.options[i] === expectation.intended ? `**${text}**` : text;
      });
      return [entry, ...cells, `\`${runs}\``];
    });
    const rule = heading.map((_, column) => column === 0 ? "---" : "--:");
    return [heading, rule, ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
  };
  return `# What the tests catch

\`deno task detect\` wrote this page: for each entry of \`corpus/\`, the share of seeds with which each
test fails. The test that is meant to catch an entry is in bold; it has to fail with 99 % of the
seeds. \`runs\` is a digest of the runs with the first seed. A test repeats these, so that the page
cannot become outdated unnoticed.

## Wrong entries, ${wrong} seeds each

${table(false)}

## Right entries, ${right} seeds each

${table(true)}
`;
}

/** Returns the text of a page below the tables. */
export function restOf(page: string): string {
  return /^## Right entries.*\n\n(?:\|.*\n)+([^]*)/m.exec(page)?.[1] ?? "";
}

/** The part of a row that can be read again. */
export type DocumentedRow = Pick<Detection, "shares" | "runs">;

/** Reads the page.
 *
 * @returns The numbers of seeds, 0 if there is no such page, and the rows by their entries. */
export function parseDetections(
  page: string,
): { seeds: DetectionSeeds; rows: Map<string, DocumentedRow> } {
  const seedsOf = (kind: string) => {
    return Number(new RegExp(`^## ${kind} entries, (\\d+) seeds each$`, "m").exec(page)?.[1] ?? 0);
  };
  const rows = Array.from(
    page.matchAll(/^\| (\w+) \| (.*) \| `([0-9a-f]{8})` \|$/gm),
    ([, entry, cells, runs]): [string, DocumentedRow] => {
      const shares = cells!.split(" | ").map((cell) => {
        return cell === "·" ? 0 : Number(cell.replaceAll(/[*% ]/g, "")) / 100;
      });
      return [entry!, { shares, runs: runs! }];
    },
  );
  return { seeds: { wrong: seedsOf("Wrong"), right: seedsOf("Right") }, rows: new Map(rows) };
}
