/**
 * Sessions for tests: with the code of a corpus entry, in the process of the test.
 *
 * @module
 */

import { assert } from "@std/assert";
import { filesOf } from "../corpus/entry_fixture.ts";
import type { Schedule } from "../explore/counterexample/schedule.ts";
import { runSeed } from "../explore/run/seed_run.ts";
import { compile } from "../mutate/compile.ts";
import { evaluate } from "../mutate/evaluate.ts";
import { labTests } from "../testing/lab_tests.ts";
import { PlainMachines } from "../testing/plain_machines.ts";
import type { Executor, Performed } from "./executor.ts";
import type { SubmissionModules } from "./inside/machines.ts";
import { performSteps, type PerformTask } from "./inside/performance.ts";
import { takeReaders, withReaders } from "./inside/private_fields.ts";
import type { Action, Answer, Command, Message, MessageOf } from "./protocol.ts";
import { Session } from "./session.ts";

const loaded = new Map<string, Promise<SubmissionModules>>();

/** Loads the code of a corpus entry. */
export function modulesOf(entry: string): Promise<SubmissionModules> {
  const modules = loaded.get(entry) ?? load(entry);
  loaded.set(entry, modules);
  return modules;
}

async function load(entry: string): Promise<SubmissionModules> {
  takeReaders();
  const files = await filesOf(entry);
  const codeOf = async (name: string) => {
    const compiled = await compile(withReaders(files.get(name)!));
    assert("code" in compiled);
    return compiled.code;
  };
  const [client, server] = [await codeOf("client.ts"), await codeOf("server.ts")];
  const modules = evaluate({ client, server });
  return { client: modules.client(0), server: modules.server(0) };
}

/** Runs a test once, and returns what it did as a schedule. */
export async function scheduleOf(
  { client, server }: SubmissionModules,
  test: string,
  seed: number,
): Promise<Schedule> {
  const { name, run } = labTests.find(({ name }) => name.startsWith(`${test}:`))!;
  const machines = new PlainMachines({ client: () => client, server: () => server });
  const scenario = {
    name,
    run: (t: Parameters<typeof run>[0]) => run({ ...t, hooks: { ...t.hooks, machines } }),
  };
  const task = { test: name, seed, network: "unreliable", schedule: true } as const;
  const { schedule } = await runSeed(scenario, task, () => {});
  return schedule!;
}

/** Performs schedules in the process of the test. Results are plain data, as from a child. */
export class HereExecutor implements Executor {
  readonly ready = Promise.resolve();
  /** If set, performances end with this loss. */
  loss: Performed["loss"];
  readonly #modules: SubmissionModules;

  constructor(modules: SubmissionModules) {
    this.#modules = modules;
  }

  async perform(task: PerformTask): Promise<Performed> {
    const performed: Performed = { steps: [] };
    const { log } = console;
    const result = await performSteps(this.#modules, task, {
      onBeginning: (beginning) => void (performed.beginning = beginning),
      onStep: (step) => void performed.steps.push(step),
    }, (print) => void (console.log = print === undefined ? log : (text) => print(String(text))));
    const { loss } = this;
    return JSON.parse(JSON.stringify({ ...performed, ...loss ? { loss } : { result } }));
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
    await this.session.open({
      title: "Test",
      find: () => Promise.resolve({ notes: [], schedule }),
    });
  }

  /** Returns the last message of a type. */
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

/** The usual mistake: a reply is lost, and the server executes the retry again. */
export const EXECUTED_TWICE: readonly Action[] = [
  { act: "operation", clerk: 0, op: "append", key: "0", value: "x" },
  { act: "deliver", message: 0, what: "request" },
  { act: "drop", message: 0, what: "reply" },
  { act: "fire", message: 0 },
  { act: "deliver", message: 1, what: "request" },
  { act: "deliver", message: 1, what: "reply" },
];
