/**
 * One session of the debugger: its branches, the position that is shown, and the commands that
 * change them. It knows no page and no server: commands come in, messages go out.
 *
 * @module
 */

import type { Schedule } from "../explore/counterexample/schedule.ts";
import { PlainError } from "../sim/mod.ts";
import { Branch } from "./branch.ts";
import { Branches } from "./branches.ts";
import type { Executor, Performed } from "./executor.ts";
import { BranchActions, clusterSchedule } from "./branch_actions.ts";
import type { PerformTask } from "./inside/performance.ts";
import { parseAddress } from "./marked.ts";
import { unperformedText } from "./unperformed.ts";
import type { Answer, Command, Message, MessageOf, Request } from "./protocol.ts";
import { Refusal } from "./refusal.ts";
import { compare } from "./reload.ts";
import { saveBranch, testOf } from "./save.ts";
import type { Note, Opening, Search } from "./search.ts";
import { nextPosition } from "./stepping.ts";
import { openingPosition, positionOf, runOf } from "./views.ts";
import { stopReasonText } from "./words.ts";

/** The content of an answer. */
type Reply = Omit<Answer, "type" | "id">;

/** The name of the branch that was opened. */
const OPENED = "opened";

/** The time after which the page shows that a task is still running, in real milliseconds. */
const BUSY_AFTER_MS = 150;

/** One session. */
export class Session implements Disposable {
  readonly #say: (message: Message) => void;
  readonly #branches = new Branches();
  #search: Search | undefined;
  /** True until the wanted run is open. */
  #isWanted = false;
  #notes: Note[] = [];
  /** The step of the search for the run to open that is under way. */
  #searching: string | undefined;
  /** The reason why the page does not show the files as they are on disk. */
  #problem: string | undefined;
  #executor: Executor;
  #current: Branch | undefined;
  /** The last task: they run one after another. */
  #last: Promise<unknown> = Promise.resolve();

  /** @param say Receives the changes. */
  constructor(executor: Executor, say: (message: Message) => void) {
    this.#executor = executor;
    this.#say = say;
  }

  /** Finds and performs the first run, and sends its progress. */
  open(search: Search): Promise<void> {
    this.#search = search;
    this.#isWanted = true;
    this.#searching = "Starting";
    return this.#inTurn(() => this.#open());
  }

  /** Sends everything that a new page needs. */
  connect(): void {
    this.#sayAll();
  }

  /** Carries out a command.
   *
   * @returns The answer; it never rejects. */
  async handle({ id, command }: Request): Promise<Answer> {
    try {
      return { type: "answer", id, ...await this.#inTurn(() => this.#do(command)) };
    } catch (error) {
      return { type: "answer", id, refused: textOf(error) };
    }
  }

  /** Performs all branches again with the changed code. If that cannot be loaded, nothing changes.
   *
   * @param load Makes an executor of the current code.
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
      if (this.#isWanted) return await this.#open();
      await this.#performAgain(files);
    });
  }

  [Symbol.dispose](): void {
    this.#executor[Symbol.dispose]();
  }

  async #open(): Promise<void> {
    try {
      const opening = await this.#search!.find((searching, notes) => {
        this.#searching = searching;
        this.#notes = notes;
        this.#saySession();
      });
      this.#notes = opening.notes;
      this.#isWanted = false;
      if (opening.schedule !== undefined) await this.#openRun(opening, opening.schedule);
    } catch (error) {
      this.#note("Not opened", `${textOf(error)}; save client.ts or server.ts to try again`);
    }
    this.#searching = undefined;
    this.#sayAll();
  }

  async #openRun({ name = "The run", testFailure }: Opening, schedule: Schedule): Promise<void> {
    const origin = { id: OPENED, name, isByHand: false, clerks: 0, testFailure };
    const branch = new Branch(origin, schedule, { is: "over" });
    await this.#perform(branch);
    this.#branches.add(branch);
    this.#current = branch;
    branch.position = openingPosition(branch);
    const { result, timeline: { end } } = branch;
    const unperformed = unperformedText(branch);
    if (result?.isCut) {
      this.#note("Shown", `only the first ${end.toLocaleString("en")} events`);
    } else if (unperformed !== undefined) {
      this.#note("The schedule does not fit this code", unperformed);
    }
  }

  #note(label: string, text: string): void {
    this.#notes = [{ label, text }, ...this.#notes];
  }

  async #performAgain(files: string[]): Promise<void> {
    const before = this.#currentRun();
    for (const branch of this.#branches.all()) {
      await this.#perform(branch);
      branch.position = Math.min(branch.position, branch.timeline.end);
    }
    const after = this.#currentRun();
    if (before === undefined || after === undefined) return this.#sayAll();
    const difference = compare(before, after);
    if (difference.before !== undefined) this.#current!.position = difference.sameUntil;
    this.#sayAll(after);
    this.#say({ type: "reloaded", files, ...difference });
  }

  get #title(): string {
    return this.#search?.title ?? "";
  }

  #currentRun(): MessageOf<"run"> | undefined {
    return this.#current && runOf(this.#current);
  }

  async #do(command: Command): Promise<Reply> {
    switch (command.do) {
      case "new": {
        const { cluster } = command;
        this.#isWanted = false;
        const name = this.#branches.nameFor("From nothing");
        const origin = { id: this.#branches.newId(), name, isByHand: true, clerks: cluster.clerks };
        const branch = new Branch(origin, clusterSchedule(cluster), { is: "time", ms: 0 });
        await this.#perform(branch);
        this.#show(branch);
        return {};
      }
      case "branch":
        this.#show(this.#branches.get(command.branch));
        return {};
      case "rename":
        this.#branches.get(command.branch).name = command.name;
        this.#saySession();
        return {};
      case "forget":
        return this.#forget(this.#branches.get(command.branch));
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
        const actions = new BranchActions(branch, (task) => this.#run(task));
        const acted = await actions.act(command.action, (from) => ({
          id: this.#branches.newId(),
          name: this.#branches.nameFor(from.isByHand ? from.name : "By hand"),
          isByHand: true,
          from: { branch: from.id, position: from.timeline.momentEnd(from.position) },
          clerks: from.clerks,
        }));
        if (acted === branch && command.action.act !== "hold" && command.action.act !== "release") {
          branch.position = branch.timeline.end;
        }
        this.#show(acted);
        const { timeline: { end } } = acted;
        if (acted.result?.isUnquiet !== true) return {};
        return { told: stopReasonText(acted.situation(end), end - begun) };
      }
      case "save":
        return {
          saved: await saveBranch(branch, this.#search?.submission, (task) => this.#run(task)),
        };
      case "copy as test":
        return { test: testOf(branch, this.#title) };
    }
  }

  async #perform(branch: Branch): Promise<void> {
    const { schedule, until } = branch;
    branch.take(await this.#run({ schedule, until, known: 0 }), 0);
  }

  #show(branch: Branch): void {
    this.#branches.add(branch);
    this.#current = branch;
    this.#sayAll();
  }

  #seek(branch: Branch, position: number): Reply {
    branch.position = Math.min(position, branch.timeline.end);
    this.#sayPosition(branch);
    return {};
  }

  #forget(branch: Branch): Reply {
    this.#branches.forget(branch);
    if (this.#current === branch) [this.#current] = this.#branches.all();
    this.#sayAll();
    return {};
  }

  async #openValue(branch: Branch, position: number, path: string): Promise<Reply> {
    const address = parseAddress(path);
    if (address === undefined) throw new Refusal("There is no such value");
    const { schedule, until, timeline } = branch;
    const open = { ...address, position: Math.min(position, timeline.end) };
    const task = { schedule, until, known: timeline.end, open };
    const { result } = await this.#run(task);
    if (result?.opened === undefined) throw new Refusal("This value cannot be read any more");
    return { opened: result.opened };
  }

  /** @param run The current branch as the page shows it, if known. */
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
      branches: this.#branches.shown(),
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

  /** Performs a task, and tells the page if it takes long. */
  async #run(task: PerformTask): Promise<Performed> {
    let isTold = false;
    const timer = setTimeout(() => {
      isTold = true;
      this.#say({ type: "busy", isBusy: true, what: "Performing the run" });
    }, BUSY_AFTER_MS);
    try {
      return await this.#executor.perform(task);
    } finally {
      clearTimeout(timer);
      if (isTold) this.#say({ type: "busy", isBusy: false, what: "" });
    }
  }
}

/** Describes an error in one line. */
function textOf(error: unknown): string {
  if (error instanceof PlainError) return error.message;
  const what = error instanceof Error ? error.message : String(error);
  return `Internal error, please report it: ${what}`;
}
