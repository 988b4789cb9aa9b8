/**
 * Performs every schedule within bounds, on all cores.
 *
 * @module
 */

import { CommandError, EXIT_STATUS, type ExitStatus, Progress, writeResult } from "../cli/mod.ts";
import { onInterrupt } from "./run/child.ts";
import { allSchedules, type Bounds, SINGLE } from "./counterexample/all_schedules.ts";
import type { ShardConfig } from "../testing/machines.ts";
import { countsOf, formatSchedule, type Schedule } from "./counterexample/schedule.ts";
import { performOnce } from "./counterexample/search.ts";
import { startTask } from "./counterexample/start_task.ts";
import { storyLines } from "./story/diagram.ts";
import { checkRules } from "./run/rules.ts";
import { openLab } from "./run/lab.ts";
import { count, tellStory } from "./story/story.ts";

/** The default bounds, which take about half a minute on two cores. */
const DEFAULT_BOUNDS: Bounds = { clerks: 2, operations: 3, keys: 2, faults: 1 };

const CLUSTERS: readonly ShardConfig[] = [SINGLE, { nservers: 3, nreplicas: 2 }];

/** The bounds to explore, and the files for the results. */
export interface Systematic extends Partial<Record<keyof Bounds, number | undefined>> {
  submission?: string | undefined;
  json?: string | undefined;
  "schedule-out"?: string | undefined;
  /** The number of processes that work at the same time. */
  processes: number;
}

/** The longest time without yielding, in milliseconds. */
const SILENCE_MS = 1000;

/** Performs all schedules up to the first that fails, which does not depend on the number of
 * processes.
 *
 * @param print Prints a line for people.
 * @returns The exit status of the command.
 * @throws {CommandError} The submission cannot be loaded. */
export async function exploreAll(
  { submission, json, "schedule-out": scheduleOut, processes, ...given }: Systematic,
  print: (line: string) => void,
): Promise<ExitStatus> {
  const { clerks, operations, keys, faults } = DEFAULT_BOUNDS;
  const bounds: Bounds = {
    clerks: given.clerks ?? clerks,
    operations: given.operations ?? operations,
    keys: given.keys ?? keys,
    faults: given.faults ?? faults,
  };
  await using lab = await openLab(submission);
  const total = allSchedules(bounds, CLUSTERS).reduce((sum) => sum + 1, 0);
  const place = await findFirst(lab.url, bounds, total, processes);
  if (place === "interrupted") {
    throw new CommandError(`Interrupted before all ${total} schedules were performed`);
  }
  const within = boundsText(bounds);
  const result = { schedules: total, bounds, firstFailed: place ?? null };
  if (place === undefined) {
    await checkRules(lab.url);
    print(`No counterexample among ${total} schedules with ${within}`);
    await writeResult(json, () => JSON.stringify(result, null, 2));
    return EXIT_STATUS.ok;
  }
  const schedule = scheduleAt(bounds, place);
  print(`Schedule ${place} of ${total} with ${within} fails`);
  const { violations: [violation], recording } = await performOnce(lab.url, schedule);
  if (violation !== undefined) {
    const story = tellStory({ schedule, violation, recording }, "The smallest run that fails");
    print(`\n${storyLines(story).join("\n")}`);
  }
  await writeResult(scheduleOut, () => formatSchedule(schedule));
  const minimal = { ...countsOf(schedule), schedule };
  await writeResult(json, () => JSON.stringify({ ...result, minimal }, null, 2));
  return EXIT_STATUS.failed;
}

function scheduleAt(bounds: Bounds, place: number): Schedule {
  return allSchedules(bounds, CLUSTERS).drop(place - 1).next().value!;
}

async function passes(lab: URL, schedule: Schedule): Promise<boolean> {
  return (await performOnce(lab, schedule)).violations.length === 0;
}

/** For example "up to 2 clerks, 3 operations, 2 keys, 1 fault, on 1 and 3 servers". */
function boundsText({ clerks, operations, keys, faults }: Bounds): string {
  const most = Object.entries({ clerk: clerks, operation: operations, key: keys, fault: faults })
    .map(([noun, n]) => count(n, noun));
  const servers = CLUSTERS.map(({ nservers }) => nservers).join(" and ");
  return `up to ${most.join(", ")}, on ${servers} servers`;
}

/** Returns the number of the first schedule that fails, from 1; `undefined` if none does. */
async function findFirst(
  lab: URL,
  bounds: Bounds,
  total: number,
  parts: number,
): Promise<number | "interrupted" | undefined> {
  const { promise: interrupted, resolve: interrupt } = Promise.withResolvers<"interrupted">();
  using _listening = onInterrupt(() => interrupt("interrupted"));
  using progress = new Progress(total, "schedules");
  using tasks = new DisposableStack();
  let done = 0;
  let firstFailed = Infinity;
  const search = Array.from({ length: parts }, async (_, part) => {
    let current = 0;
    const isUnwanted = ({ place }: { place: number }) => {
      current = place;
      progress.update(done++);
      return place > firstFailed;
    };
    const limits = { silenceMs: SILENCE_MS, totalMs: Infinity, isUnwanted };
    const goal = { kind: "enumerate", bounds, clusters: CLUSTERS, step: parts } as const;
    for (let first = part;; first = current - 1 + parts) {
      using started = tasks.use(startTask(lab, { ...goal, first }, limits));
      const { kind } = await started.end;
      if (kind === "none") return;
      // On a busy machine, a schedule that passes may seem to hang.
      if (kind === "hung" && await passes(lab, scheduleAt(bounds, current))) continue;
      firstFailed = Math.min(firstFailed, current);
      return;
    }
  });
  const ended = await Promise.race([Promise.all(search), interrupted]);
  if (ended === "interrupted") return ended;
  return firstFailed === Infinity ? undefined : firstFailed;
}
