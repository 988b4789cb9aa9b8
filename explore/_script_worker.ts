/**
 * The inside of a process that tries scripts on a submission, without any permission.
 *
 * @module
 */

import { collectScenarios } from "../testing/register.ts";
import type { Violation } from "../testing/failure_report.ts";
import { printTo } from "./_console.ts";
import { ignoreInterrupts, listen, post } from "./_parent.ts";
import { crowdsFor, isSameFailure, scriptsFor, type Sought } from "./sought.ts";
import { type Entry, Recorder, type Recording } from "./recording.ts";
import type { Script } from "./script.ts";
import { shrink } from "./shrink.ts";

/** What is to be done. */
export type ScriptTask =
  /** Tries scripts, from a place on, for some real milliseconds. */
  | { kind: "search"; sought: Sought; from: number; timeMs: number }
  /** Performs one script, and records it. A long one takes much longer if each step is told
   * at once, which is for scripts that never come to their end. */
  | { kind: "perform"; script: Script; tellsSteps: boolean };

/** What the process says. */
export type ScriptWorkerMessage =
  | { kind: "ready" }
  | { kind: "broken"; problem: string }
  /** From here on up to the next message, a script may not come back. */
  | { kind: "trying"; place: number; script: Script }
  /** This one fails as was sought. */
  | { kind: "found"; place: number; script: Script }
  /** Happened in the performance that goes on. */
  | { kind: "step"; entry: Entry }
  | { kind: "performed"; violations: Violation[]; recording: Recording }
  | { kind: "none" };

const say = (message: ScriptWorkerMessage) => post(message);
const realNow = performance.now.bind(performance);

/** The share of the time in which all small scripts are tried, before larger ones. */
const SMALL_SHARE = 0.6;

type Perform = typeof import("./perform.ts").perform;

async function search(
  perform: Perform,
  { sought, from, timeMs }: Extract<ScriptTask, { kind: "search" }>,
): Promise<ScriptWorkerMessage> {
  const startMs = realNow();
  const isOver = (share: number) => realNow() > startMs + share * timeMs;
  let place = 0;
  const fails = async (script: Script) => {
    say({ kind: "trying", place, script });
    const { violations } = await perform(script);
    return violations.some(({ hint }) => isSameFailure(sought.hint, hint));
  };
  // Small scripts come by size, but a family may hold more than this failure needs.
  const shrunk = async (script: Script): Promise<ScriptWorkerMessage> => {
    const smaller = await shrink(script, async (less) => !isOver(1) && await fails(less));
    return { kind: "found", place, script: smaller };
  };
  for (const script of scriptsFor(sought)) {
    if (++place <= from) continue;
    if (await fails(script)) return await shrunk(script);
    if (isOver(SMALL_SHARE)) break;
  }
  place = Math.max(place, from);
  for (const script of crowdsFor(sought)) {
    place++;
    if (await fails(script)) return await shrunk(script);
    if (isOver(1)) break;
  }
  return { kind: "none" };
}

async function performOne(
  perform: Perform,
  { script, tellsSteps }: Extract<ScriptTask, { kind: "perform" }>,
): Promise<ScriptWorkerMessage> {
  const recorder = new Recorder((entry) => {
    if (tellsSteps) say({ kind: "step", entry });
  });
  printTo((text) => recorder.print(text));
  say({ kind: "trying", place: 0, script });
  const { violations } = await perform(script, recorder.hooks);
  return { kind: "performed", violations: [...violations], recording: recorder.recording };
}

ignoreInterrupts();
try {
  let perform: Perform;
  // The module that builds clusters registers what a test runner has to do after tests.
  await collectScenarios(async () => ({ perform } = await import("./perform.ts")));
  say({ kind: "ready" });
  void listen<ScriptTask>(async (task) => {
    const done = task.kind === "search" ? search(perform, task) : performOne(perform, task);
    say(await done);
  });
} catch (error) {
  const problem = error instanceof Error ? error.message : String(error);
  say({ kind: "broken", problem });
}
