/**
 * The program of a process that performs schedules on a submission, without any permission.
 *
 * @module
 */

import { report, serve } from "../run/parent.ts";
import { Performer, type Task } from "./tasks.ts";

await serve<Task>(async () => {
  const { perform } = await import("./perform.ts");
  const performer = new Performer(perform, report);
  return { work: (task) => performer.work(task) };
});
