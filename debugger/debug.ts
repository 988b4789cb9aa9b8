/**
 * `deno task debug`: a page on which a person steps through a run, looks into the machines, and
 * controls the network.
 *
 * @module
 */

import { pathToFileURL } from "node:url";
import { z } from "zod";
import {
  type Command,
  CommandError,
  EXIT_STATUS,
  type ExitStatus,
  flag,
  main,
  wholeNumber,
} from "../cli/mod.ts";
import { openLab } from "../explore/run/lab.ts";
import { checkRules } from "../explore/run/rules.ts";
import { givenChoice, refuseBesideSchedule, runChoice } from "../explore/run_choice.ts";
import { openInBrowser } from "./browser.ts";
import { ChildExecutor } from "./executor.ts";
import { DebugServer } from "./debug_server.ts";
import { type RequestedRun, searchOf } from "./opening.ts";
import { Session } from "./session.ts";
import { untilEnd } from "./until_end.ts";
import { FileWatch } from "./watch.ts";

const PORT_MAX = 65_535;

const options = z.strictObject({
  test: z.string().optional()
    .meta({ value: "NAME", description: "Opens a run of this test, for example TestUnreliable" }),
  seed: wholeNumber("seed").optional().meta({ value: "N", description: "The seed of that run" }),
  whole: flag().describe("Opens the whole run, not the smallest one that fails in the same way"),
  schedule: z.string().optional()
    .meta({ value: "F", description: "Opens the schedule in this file, instead of a test" }),
  ...runChoice,
  port: wholeNumber("port", 1).optional()
    .refine((port = 1) => port <= PORT_MAX, `expected a port from 1 to ${PORT_MAX}`)
    .meta({ value: "N", description: "Listens on this port of this machine" }),
  "no-open": flag().describe("Only prints the address, and opens no browser"),
});

/** The options of the command. */
export type DebugOptions = z.infer<typeof options>;

/** The command. */
export const debugCommand: Command<typeof options> = {
  name: "debug",
  summary:
    "Steps through a run on a local page, and lets you deliver and drop messages by hand. Without --test or --schedule, a cluster waits for you.",
  options,
  run: (given) => debug(given),
};

/** Serves the debugger until somebody ends it.
 *
 * @returns The exit status. */
export async function debug(given: DebugOptions): Promise<ExitStatus> {
  refuseOptions(given);
  await using running = await startDebugger(given);
  const { address } = running;
  console.log(`The debugger is at ${address}`);
  console.log("Ctrl-C ends it");
  if (!given["no-open"]) openInBrowser(address);
  await untilEnd();
  return EXIT_STATUS.ok;
}

/** A debugger that serves its page until it is disposed of. */
export interface RunningDebugger extends AsyncDisposable {
  readonly address: URL;
}

/** Starts a debugger. It serves its page before it has found the run to open.
 *
 * @throws {CommandError} There is no such run, the submission cannot be used, or the port is
 * taken. */
export async function startDebugger(
  given: RequestedRun & { port?: number | undefined },
): Promise<RunningDebugger> {
  const running = new AsyncDisposableStack();
  try {
    const server = running.use(new DebugServer(given.port));
    const { submission } = given;
    let url: URL;
    const load = async () => {
      const lab = running.use(await openLab(submission, ["debugger"]));
      const executor = await loadedExecutor(lab.url);
      url = lab.url;
      return executor;
    };
    const executor = await load();
    const session = running.use(new Session(executor, (message) => server.say(message)));
    const search = await searchOf(() => url, given);
    const folder = submission === undefined ? url! : pathToFileURL(`${submission}/`);
    running.use(new FileWatch(folder, (files) => void session.reload(load, files)));
    server.serve(session);
    void session.open(search);
    const { address } = server;
    return { address, [Symbol.asyncDispose]: () => running.disposeAsync() };
  } catch (error) {
    await running.disposeAsync();
    throw error;
  }
}

/** Loads the code of a lab.
 *
 * @throws {CommandError} It cannot be loaded, or the rules refuse it. */
async function loadedExecutor(lab: URL): Promise<ChildExecutor> {
  const executor = new ChildExecutor(lab);
  const rules = checkRules(lab);
  try {
    // Both report a file that cannot be parsed.
    await Promise.allSettled([executor.ready, rules]);
    await executor.ready;
    await rules;
    return executor;
  } catch (error) {
    executor[Symbol.dispose]();
    throw error;
  }
}

/** Refuses options that have no effect. */
function refuseOptions(options: DebugOptions): void {
  const { test, seed, schedule, whole } = options;
  const given = givenChoice(options, { whole: whole || undefined });
  if (schedule !== undefined) refuseBesideSchedule(given);
  else if (test === undefined && seed === undefined && given.length > 0) {
    throw new CommandError(
      `Option --${given[0]} does nothing without --test and --seed; leave it out`,
    );
  }
}

if (import.meta.main) await main(debugCommand);
