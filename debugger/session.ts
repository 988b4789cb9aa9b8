/**
 * One session of the debugger: its branches, the position that is shown, and what a person does
 * with them. It knows no page and no server: commands come in, messages go out.
 *
 * @module
 */

import type { Schedule } from "../explore/counterexample/schedule.ts";
import { PlainError } from "../sim/mod.ts";
import type { Violation } from "../testing/failure_report.ts";
import { Branch } from "./branch.ts";
import type { Executor } from "./executor.ts";
import { clusterSchedule, Hand } from "./hand.ts";
import { parseAddress } from "./marked.ts";
import type { Answer, Command, Message, MessageOf, Request } from "./protocol.ts";
import { Refusal } from "./refusal.ts";
import { compare } from "./reload.ts";
import { savedOf, testOf } from "./save.ts";
import { nextPosition } from "./stepping.ts";
import { firstThatMatters, positionOf, runOf } from "./views.ts";
import { unquietText } from "./words.ts";

/** A line about the run that was opened. */
export type Note = MessageOf<"session">["notes"][number];

/** Receives what a search for the run to open is doing, and what it knows already. */
export type Tell = (searching: string, notes: Note[]) => void;

/** What a session begins with. */
export interface Opening {
  /** What is known of the run. */
  notes: Note[];
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
  #title = "";
  #notes: Note[] = [];
  /** What is being done to find the run to open. */
  #searching: string | undefined;
  /** Finds the run to open, as long as none is open. */
  #find: ((tell: Tell) => Promise<Opening>) | undefined;
  /** Why the files on disk are not those that are shown. */
  #problem: string | undefined;
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

  /** Finds and performs the run to begin with. A page hears how it goes.
   *
   * @param title Names the run.
   * @param find Finds it. If it fails, it is called again when the files change. */
  open(title: string, find: (tell: Tell) => Promise<Opening>): Promise<void> {
    this.#title = title;
    this.#find = find;
    this.#searching = "Starting";
    return this.#inTurn(() => this.#open());
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
      return { type: "answer", id, refused: textOf(error) };
    }
  }

  /** Performs all branches again, with other code. If that cannot be used, all stays as it is.
   *
   * @param load Makes what performs with the code as it is now.
   * @param files The files that changed. */
  reload(load: () => Promise<Executor>, files: string[]): Promise<void> {
    return this.#inTurn(async () => {
      let executor: Executor;
      try {
        executor = await load();
      } catch (error) {
        this.#problem = `${files.join(" and ")} changed, and this page still shows the code ` +
          `before that: ${textOf(error)}`;
        return this.#saySession();
      }
      this.#problem = undefined;
      this.#executor[Symbol.dispose]();
      this.#executor = executor;
      if (this.#find !== undefined) return await this.#open();
      await this.#performAgain(files);
    });
  }

  [Symbol.dispose](): void {
    this.#executor[Symbol.dispose]();
  }

  async #open(): Promise<void> {
    try {
      const opening = await this.#find!((searching, notes) => {
        this.#searching = searching;
        this.#notes = notes;
        this.#saySession();
      });
      this.#notes = opening.notes;
      this.#find = undefined;
      if (opening.schedule !== undefined) await this.#openRun(opening, opening.schedule);
    } catch (error) {
      this.#notes = [...this.#notes, { label: "Not opened", text: textOf(error) }];
    }
    this.#searching = undefined;
    this.#sayAll();
  }

  async #openRun({ name = "The run", testFailure }: Opening, schedule: Schedule): Promise<void> {
    const origin = { id: OPENED, name, isByHand: false, clerks: 0, testFailure };
    const branch = new Branch(origin, schedule, { is: "over" });
    await this.#perform(branch, 0);
    this.#branches.set(OPENED, branch);
    this.#current = branch;
    branch.position = firstThatMatters(branch);
  }

  async #performAgain(files: string[]): Promise<void> {
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
  }

  #currentRun(): MessageOf<"run"> | undefined {
    return this.#current && runOf(this.#current);
  }

  async #do(command: Command): Promise<Reply> {
    switch (command.do) {
      case "new": {
        const { cluster } = command;
        this.#find = undefined;
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
        return { test: testOf(branch, this.#title) };
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
    const branch = this.#current?.id;
    this.#say({
      type: "session",
      title: this.#title,
      notes: this.#notes,
      branches: Array.from(this.#branches.values(), ({ shown }) => shown),
      ...branch !== undefined && { branch },
      ...this.#searching !== undefined && { searching: this.#searching },
      ...this.#problem !== undefined && { problem: this.#problem },
    });
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

/** Says what went wrong in one line. */
function textOf(error: unknown): string {
  if (error instanceof PlainError) return error.message;
  const what = error instanceof Error ? error.message : String(error);
  return `Internal error, please report it: ${what}`;
}
