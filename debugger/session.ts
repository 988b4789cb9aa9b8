/**
 * One session of the debugger: its branches, the position that is shown, and what a person does
 * with them. It knows no page and no server: commands come in, messages go out.
 *
 * @module
 */

import type { Schedule } from "../explore/counterexample/schedule.ts";
import type { Violation } from "../testing/failure_report.ts";
import { Branch } from "./branch.ts";
import type { Executor } from "./executor.ts";
import { clusterSchedule, Hand } from "./hand.ts";
import { parseAddress } from "./marked.ts";
import type { Answer, Command, Message, MessageOf, Request } from "./protocol.ts";
import { Refusal } from "./refusal.ts";
import { compare, notLoaded } from "./reload.ts";
import { savedOf, testOf } from "./save.ts";
import { nextPosition } from "./stepping.ts";
import { firstThatMatters, positionOf, runOf } from "./views.ts";
import { unquietText } from "./words.ts";

/** What a session begins with. */
export interface Opening {
  title: string;
  notes: { label: string; text: string }[];
  /** The run to open; absent if a person begins from nothing. */
  schedule?: Schedule;
  /** What the run is called among the branches. */
  name?: string;
  /** Why the test failed that the run was recorded of, if the schedule is all of it. */
  testFailure?: Violation;
}

/** What an answer has besides its number. */
type Reply = Omit<Answer, "type" | "id">;

/** The name of the branch that was opened. */
const OPENED = "opened";

/** How long something takes before the page hears that it does, in real milliseconds. */
const BUSY_AFTER_MS = 150;

/** One session. */
export class Session implements Disposable {
  readonly #say: (message: Message) => void;
  readonly #branches = new Map<string, Branch>();
  #opening: Opening = { title: "", notes: [] };
  #executor: Executor;
  #current: Branch | undefined;
  #made = 0;
  /** Everything goes one after another. */
  #last: Promise<unknown> = Promise.resolve();

  /** @param say Receives what changed. */
  constructor(executor: Executor, say: (message: Message) => void) {
    this.#executor = executor;
    this.#say = say;
  }

  /** Performs what the session begins with. */
  open(opening: Opening): Promise<void> {
    return this.#inTurn(async () => {
      this.#opening = opening;
      const { schedule, name = "The run", testFailure } = this.#opening;
      if (schedule === undefined) return;
      const origin = { id: OPENED, name, isByHand: false, clerks: 0, testFailure };
      const branch = new Branch(origin, schedule, { is: "over" });
      await this.#perform(branch, 0);
      this.#branches.set(OPENED, branch);
      this.#current = branch;
      branch.position = firstThatMatters(branch);
    });
  }

  /** Says everything that a page has to know. */
  connect(): void {
    this.#sayAll();
  }

  /** Carries a command out.
   *
   * @returns The answer; it never rejects. */
  async handle({ id, command }: Request): Promise<Answer> {
    try {
      return { type: "answer", id, ...await this.#inTurn(() => this.#do(command)) };
    } catch (error) {
      if (error instanceof Refusal) return { type: "answer", id, refused: error.message };
      const what = error instanceof Error ? error.message : String(error);
      return { type: "answer", id, refused: `Internal error, please report it: ${what}` };
    }
  }

  /** Performs all branches again, with other code. If that cannot be loaded, all stays as it is.
   *
   * @param load Makes what performs with the code as it is now.
   * @param files The files that changed. */
  reload(load: () => Promise<Executor>, files: string[]): Promise<void> {
    return this.#inTurn(async () => {
      let executor: Executor | undefined;
      try {
        executor = await load();
        await executor.ready;
      } catch (error) {
        executor?.[Symbol.dispose]();
        const problem = error instanceof Error ? error.message : String(error);
        return this.#say({ type: "reloaded", files, ...notLoaded(problem, this.#currentRun()) });
      }
      this.#executor[Symbol.dispose]();
      this.#executor = executor;
      const before = this.#currentRun();
      for (const branch of this.#branches.values()) {
        await this.#perform(branch, 0);
        branch.position = Math.min(branch.position, branch.timeline.end);
      }
      const after = this.#currentRun();
      if (before === undefined || after === undefined) return this.#sayAll();
      const difference = compare(before, after);
      if (difference.before !== undefined) this.#current!.position = difference.sameUntil;
      this.#sayAll(after);
      this.#say({ type: "reloaded", files, ...difference });
    });
  }

  [Symbol.dispose](): void {
    this.#executor[Symbol.dispose]();
  }

  #currentRun(): MessageOf<"run"> | undefined {
    return this.#current && runOf(this.#current);
  }

  async #do(command: Command): Promise<Reply> {
    switch (command.do) {
      case "new": {
        const { cluster } = command;
        const name = this.#nameFor("From nothing");
        const origin = { id: this.#newId(), name, isByHand: true, clerks: cluster.clerks };
        await this.#show(await this.#begin(origin, clusterSchedule(cluster)));
        return {};
      }
      case "branch":
        await this.#show(this.#branch(command.branch));
        return {};
      case "rename":
        this.#branch(command.branch).name = command.name;
        this.#saySession();
        return {};
      case "forget":
        return this.#forget(this.#branch(command.branch));
    }
    const branch = this.#current;
    if (branch === undefined) throw new Refusal("Nothing is open; begin with a cluster");
    switch (command.do) {
      case "seek":
        return this.#seek(branch, command.position);
      case "step":
        return this.#seek(branch, nextPosition(branch, command.by, command.back));
      case "open":
        return await this.#openValue(branch, command.position, command.path);
      case "act": {
        const begun = branch.timeline.momentEnd(branch.position);
        const hand = new Hand(branch, (task) => this.#busy(this.#executor.perform(task)));
        const acted = await hand.act(command.action, (from) => ({
          id: this.#newId(),
          name: this.#nameFor(from.isByHand ? from.name : "By hand"),
          isByHand: true,
          from: { branch: from.id, position: from.timeline.momentEnd(from.position) },
          clerks: from.clerks,
        }));
        if (acted === branch && command.action.act !== "hold" && command.action.act !== "release") {
          branch.position = branch.timeline.end;
        }
        await this.#show(acted);
        const { timeline: { end } } = acted;
        if (acted.result?.isUnquiet !== true) return {};
        return { told: unquietText(acted.situation(end), end - begun) };
      }
      case "save":
        return { saved: await savedOf(branch, (task) => this.#busy(this.#executor.perform(task))) };
      case "copy as test":
        return { test: testOf(branch, this.#opening.title) };
      case "reload":
        throw new Refusal("Nothing changed on disk since the files were loaded");
    }
  }

  async #begin(
    origin: ConstructorParameters<typeof Branch>[0],
    schedule: Schedule,
  ): Promise<Branch> {
    const branch = new Branch(origin, schedule, { is: "time", ms: 0 });
    await this.#perform(branch, 0);
    return branch;
  }

  async #perform(branch: Branch, known: number): Promise<void> {
    const { schedule, until } = branch;
    branch.take(await this.#busy(this.#executor.perform({ schedule, until, known })), known);
  }

  #show(branch: Branch): Promise<void> {
    this.#branches.set(branch.id, branch);
    this.#current = branch;
    this.#sayAll();
    return Promise.resolve();
  }

  #seek(branch: Branch, position: number): Reply {
    branch.position = Math.min(position, branch.timeline.end);
    this.#sayPosition(branch);
    return {};
  }

  #forget(branch: Branch): Reply {
    if (!branch.isByHand) throw new Refusal("The run that was opened stays");
    this.#branches.delete(branch.id);
    if (this.#current === branch) this.#current = this.#branches.values().next().value;
    this.#sayAll();
    return {};
  }

  async #openValue(branch: Branch, position: number, path: string): Promise<Reply> {
    const address = parseAddress(path);
    if (address === undefined) throw new Refusal("There is no such value");
    const { schedule, until, timeline } = branch;
    const open = { ...address, position: Math.min(position, timeline.end) };
    const task = { schedule, until, known: timeline.end, open };
    const { result } = await this.#busy(this.#executor.perform(task));
    if (result?.opened === undefined) throw new Refusal("This value cannot be read any more");
    return { opened: result.opened };
  }

  #branch(id: string): Branch {
    const branch = this.#branches.get(id);
    if (branch === undefined) throw new Refusal("There is no such branch any more");
    return branch;
  }

  #newId(): string {
    return `b${++this.#made}`;
  }

  /** A name that no branch has. */
  #nameFor(name: string): string {
    const plain = name.replace(/ \d+$/, "");
    const taken = new Set(this.#branches.values().map((branch) => branch.name));
    if (!taken.has(plain)) return plain;
    let number = 2;
    while (taken.has(`${plain} ${number}`)) number++;
    return `${plain} ${number}`;
  }

  /** @param run The current branch as the page shows it, if that was made already. */
  #sayAll(run?: MessageOf<"run">): void {
    this.#saySession();
    if (this.#current === undefined) return;
    this.#say(run ?? runOf(this.#current));
    this.#sayPosition(this.#current);
  }

  #saySession(): void {
    const { title, notes } = this.#opening;
    const branches = Array.from(this.#branches.values(), ({ shown }) => shown);
    const branch = this.#current && { branch: this.#current.id };
    this.#say({ type: "session", title, notes, branches, ...branch });
  }

  #sayPosition(branch: Branch): void {
    const isEnd = branch.position === branch.timeline.end;
    this.#say(positionOf(branch, branch.position, !(branch.isHandDriven && isEnd)));
  }

  #inTurn<T>(work: () => T | Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => {});
    return done;
  }

  /** Tells the page while something takes its time. */
  async #busy<T>(work: Promise<T>): Promise<T> {
    let isTold = false;
    const timer = setTimeout(() => {
      isTold = true;
      this.#say({ type: "busy", isBusy: true, what: "Performing the run" });
    }, BUSY_AFTER_MS);
    try {
      return await work;
    } finally {
      clearTimeout(timer);
      if (isTold) this.#say({ type: "busy", isBusy: false, what: "" });
    }
  }
}
