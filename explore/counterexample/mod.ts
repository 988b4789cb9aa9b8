/**
 * Schedules as tests: runs that failed once, kept in files.
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

/** A performance of a schedule violated an invariant. */
export class ScheduleFailure extends PlainError {
  override readonly name = "ScheduleFailure";
}

/** Performs a schedule, and expects every invariant to hold.
 *
 * @param schedule The content of a schedule file.
 * @throws {CommandError} It is not a schedule.
 * @throws {ScheduleFailure} An invariant does not hold.
 */
export async function expectToHold(schedule: unknown): Promise<void> {
  const { violations: [violation] } = await perform(checkSchedule(schedule, "given"));
  if (violation === undefined) return;
  throw new ScheduleFailure(violationLines(violation).map(cleanText).join("\n"));
}
