/**
 * A branch as a file that replays it, and as a test.
 *
 * @module
 */

import { formatSchedule, type Schedule } from "../explore/counterexample/schedule.ts";
import { scheduleCommand } from "../testing/failure_report.ts";
import { type Branch, travelKey } from "./branch.ts";
import { releaseMessages } from "./edits.ts";
import type { Performed } from "./executor.ts";
import type { PerformTask } from "./inside/performance.ts";
import type { Answer } from "./protocol.ts";
import { Refusal } from "./refusal.ts";

/** Returns a branch as a file, with the verdict of its replay.
 *
 * @param submission The folder of the submission, if that is not the lab's own.
 * @throws {Refusal} The run does not end. */
export async function saveBranch(
  branch: Branch,
  submission: string | undefined,
  perform: (task: PerformTask) => Promise<Performed>,
): Promise<NonNullable<Answer["saved"]>> {
  const schedule = wholeSchedule(branch);
  const known = Number.MAX_SAFE_INTEGER;
  const { result, loss } = await perform({ schedule, until: { is: "over" }, known });
  if (result?.summary === undefined) {
    throw new Refusal(
      `Cannot save a run that does not end: ${loss?.what ?? "it goes on forever"}`,
    );
  }
  const [violation] = result.violations;
  const file = `${fileName(branch.name)}.json`;
  return {
    file,
    text: formatSchedule(schedule),
    passed: violation === undefined,
    digest: result.summary.digest,
    ...violation && { violation },
    command: scheduleCommand(file, submission),
  };
}

/** Returns a branch as a test that expects it to hold. */
export function testOf(branch: Branch, title: string): string {
  const schedule = formatSchedule(wholeSchedule(branch)).trimEnd();
  const name = `${title}: ${branch.name}`;
  return `import { expectToHold } from "./explore/counterexample/mod.ts";

Deno.test(${JSON.stringify(name)}, () =>
  expectToHold(${schedule.replaceAll("\n", "\n  ")}));
`;
}

/** Returns the schedule of a branch with its open messages delivered, except for those that a
 * person holds back. */
function wholeSchedule(branch: Branch): Schedule {
  const { schedule, until, timeline, held } = branch;
  if (until.is !== "time") return schedule;
  const situation = branch.situation(timeline.end);
  return releaseMessages(schedule, situation, until.ms, (message) => held.has(travelKey(message)));
}

function fileName(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "_").replaceAll(/^_|_$/g, "") || "branch";
}
