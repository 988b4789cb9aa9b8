/**
 * Schedules as tests: a run that failed once, kept in a file.
 *
 * ```ts ignore
 * import { expectToHold } from "./explore/counterexample/mod.ts";
 * import schedule from "./lost_reply.json" with { type: "json" };
 *
 * Deno.test("an append whose reply is lost is executed once", () => expectToHold(schedule));
 * ```
 *
 * @module
 */

import { cleanText } from "../../linearizability/mod.ts";
import { PlainError } from "../../sim/mod.ts";
import { violationLines } from "../../testing/failure_report.ts";
import { perform } from "./perform.ts";
import { checkSchedule } from "./schedule.ts";

/** Something does not hold in a performance of a schedule. */
export class ScheduleFailure extends PlainError {
  override readonly name = "ScheduleFailure";
}

/** Performs a schedule, and expects that it leads to nothing wrong.
 *
 * @param schedule What a schedule file holds.
 * @throws {CommandError} It is no schedule.
 * @throws {ScheduleFailure} Something does not hold.
 */
export async function expectToHold(schedule: unknown): Promise<void> {
  const { violations: [violation] } = await perform(checkSchedule(schedule, "given"));
  if (violation === undefined) return;
  throw new ScheduleFailure(violationLines(violation).map(cleanText).join("\n"));
}
