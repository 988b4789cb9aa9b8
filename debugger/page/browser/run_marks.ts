/**
 * The drawing of a run: its lifelines, and the marks of each step. A message ends in the row in
 * which it arrives or is lost.
 *
 * @module
 */

import type { MessageOf, Step } from "../../protocol.ts";
import type { Mark } from "./marks.ts";

type Run = MessageOf<"run">;

/** The steps that end the way of a request, and that of a reply. */
const REQUEST_ENDS: readonly Step["kind"][] = ["delivered", "dropped"];
const REPLY_ENDS: readonly Step["kind"][] = ["received", "dropped"];

/** Returns the names of all machines, clerks first. */
export function machineNames({ clerks, servers }: Pick<Run, "clerks" | "servers">): string[] {
  return [
    ...Array.from({ length: clerks }, (_, i) => `clerk ${i}`),
    ...Array.from({ length: servers }, (_, i) => `server ${i}`),
  ];
}

/** Returns the marks of a run, by the rows in which they begin. */
export function marksOf(steps: readonly Step[]): Mark[] {
  const ends = endsOf(steps);
  return steps.flatMap((step, row): Mark[] =>
    step.drawn.map((drawn): Mark => {
      if (drawn.kind === "note") return { kind: "note", row, at: drawn.at, text: drawn.text };
      const { from, to, text, isLost } = drawn;
      const endRow = ends.get(row);
      return {
        ...{ kind: "message", row, from, to, text, isLost },
        ...endRow !== undefined && { endRow },
      };
    })
  );
}

/** Returns the row in which each message ends, by the row in which it begins. */
function endsOf(steps: readonly Step[]): Map<number, number> {
  const ends = new Map<number, number>();
  const requests = new Map<number, number>();
  const replies = new Map<number, number>();
  steps.forEach(({ kind, message }, row) => {
    if (message === undefined) return;
    if (kind === "sent" || kind === "duplicated") requests.set(message, row);
    else if (kind === "replied") replies.set(message, row);
    const begun = REPLY_ENDS.includes(kind) && replies.has(message) ? replies : requests;
    const isEnd = begun === replies || REQUEST_ENDS.includes(kind);
    if (!isEnd || !begun.has(message)) return;
    ends.set(begun.get(message)!, row);
    begun.delete(message);
  });
  return ends;
}

/** Returns the rows that show the failure: the calls and returns of the operations that are
 * to blame, and the row after which the failure is known. */
export function failedRowsOf({ operations, failure }: Run): number[] {
  const rows = operations.filter(({ isBlamed }) => isBlamed)
    .flatMap((
      { called, returned },
    ) => [called - 1, ...returned === undefined ? [] : [returned - 1]]);
  if (failure !== undefined && failure.position > 0) rows.push(failure.position - 1);
  return [...new Set(rows)];
}
