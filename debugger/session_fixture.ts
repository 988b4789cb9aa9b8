/**
 * Sessions for tests: with the code of a corpus entry, in the process of the test.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import type { TestHandle } from "../config.ts";
import { CORPUS } from "../corpus/expectation.ts";
import type { Schedule } from "../explore/counterexample/schedule.ts";
import type { SeedResult } from "../explore/seed_run.ts";
import { openLab } from "../explore/lab.ts";
import { collectScenarios } from "../testing/register.ts";
import type { Executor, Performed } from "./executor.ts";
import type { SubmissionModules } from "./inside/machines.ts";
import type { PerformTask } from "./inside/performance.ts";
import type { Action, Answer, Command, Message, MessageOf } from "./protocol.ts";
import { Session } from "./session.ts";

/** A lab with the files of a corpus entry, loaded into this process. */
export interface LoadedLab extends AsyncDisposable {
  readonly url: URL;
  readonly modules: SubmissionModules;
  /** Imports a module of the lab. */
  load(file: string): Promise<Record<string, unknown>>;
  /** Performs schedules in this process. */
  executor(): Executor;
  /** Runs a test once, and returns what it did. */
  run(test: string, seed: number): Promise<SeedResult & { schedule: Schedule }>;
}

/** Loads a lab. */
export async function loadLab(entry: string): Promise<LoadedLab> {
  const lab = await openLab(fileURLToPath(new URL(entry, CORPUS)), ["debugger"]);
  const load = (file: string) => import(new URL(file, lab.url).href);
  const scenarios = await collectScenarios<TestHandle>(() => load("test_test.ts"));
  const { readPrivateFieldsOf } = await load("debugger/inside/private_fields.ts");
  readPrivateFieldsOf((url: string) => {
    return url.startsWith(lab.url.href) && url.endsWith("?debugger");
  });
  const modules = {
    client: await load("client.ts?debugger"),
    server: await load("server.ts?debugger"),
  };
  const { performSteps } = await load("debugger/inside/performance.ts");
  const { runSeed } = await load("explore/seed_run.ts");
  return {
    url: lab.url,
    modules,
    load,
    executor: () => new HereExecutor(modules, performSteps),
    run(test, seed) {
      const scenario = scenarios.find(({ name }) => name.startsWith(`${test}:`))!;
      const task = { test: scenario.name, seed, network: "unreliable", schedule: true };
      return runSeed(scenario, task, () => {});
    },
    [Symbol.asyncDispose]: () => lab[Symbol.asyncDispose](),
  };
}

/** Performs schedules in the process of the test; what leaves it is plain data all the same. */
class HereExecutor implements Executor {
  readonly ready = Promise.resolve();
  readonly #modules: SubmissionModules;
  readonly #performSteps: typeof import("./inside/performance.ts").performSteps;

  constructor(
    modules: SubmissionModules,
    performSteps: typeof import("./inside/performance.ts").performSteps,
  ) {
    this.#modules = modules;
    this.#performSteps = performSteps;
  }

  async perform(task: PerformTask): Promise<Performed> {
    const performed: Performed = { steps: [] };
    const { log } = console;
    const result = await this.#performSteps(this.#modules, task, {
      onBeginning: (beginning) => void (performed.beginning = beginning),
      onStep: (step) => void performed.steps.push(step),
    }, (print) => void (console.log = print === undefined ? log : (text) => print(String(text))));
    return JSON.parse(JSON.stringify({ ...performed, result }));
  }

  [Symbol.dispose](): void {}
}

/** A page that a test drives. */
export class Driver {
  readonly session: Session;
  readonly #told = new Map<Message["type"], Message>();
  #asked = 0;

  constructor(executor: Executor) {
    this.session = new Session(executor, (message) => {
      this.#told.set(message.type, message);
    });
  }

  /** Opens a run. */
  async open(schedule: Schedule): Promise<void> {
    await this.session.open({ title: "Test", notes: [], schedule });
    this.session.connect();
  }

  /** What the session said last. */
  last<Type extends Message["type"]>(type: Type): MessageOf<Type> {
    return this.#told.get(type) as MessageOf<Type>;
  }

  /** Carries a command out. */
  do(command: Command): Promise<Answer> {
    return this.session.handle({ id: this.#asked++, command });
  }

  /** Does something at the current position.
   *
   * @throws {Error} It was refused. */
  async act(...actions: Action[]): Promise<void> {
    for (const action of actions) {
      const { refused } = await this.do({ do: "act", action });
      if (refused !== undefined) throw new Error(`${action.act}: ${refused}`);
    }
  }

  /** The texts of the steps. */
  get texts(): string[] {
    return this.last("run").steps.map(({ text }) => text);
  }
}

/** The story that every student meets: the reply is lost, the request sent again, and executed
 * twice. */
export const EXECUTED_TWICE: readonly Action[] = [
  { act: "operation", clerk: 0, op: "append", key: "0", value: "x" },
  { act: "deliver", message: 0, what: "request" },
  { act: "drop", message: 0, what: "reply" },
  { act: "fire", message: 0 },
  { act: "deliver", message: 1, what: "request" },
  { act: "deliver", message: 1, what: "reply" },
];
