/**
 * The inside of a process that performs schedules on a submission, without any permission.
 *
 * @module
 */

import { post, serve } from "../run/parent.ts";
import { Performer, type Task } from "./tasks.ts";

await serve<Task>(async () => {
  const { perform } = await import("./perform.ts");
  const performer = new Performer(perform, post);
  return { work: async (task) => post(await performer.work(task)) };
});
