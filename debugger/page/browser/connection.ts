/// <reference lib="dom" />
/**
 * The connection to the debugger's server: its messages, and commands with their answers.
 *
 * @module
 */

import type { Answer, Command, Message, MessageOf, ServerMessage } from "../../protocol.ts";

/** Everything that the page knows. */
export interface PageState {
  readonly session?: MessageOf<"session">;
  readonly run?: MessageOf<"run">;
  readonly position?: MessageOf<"position">;
  /** The effect of the last change of the files, until the reader closes it. */
  readonly reloaded?: MessageOf<"reloaded"> | undefined;
  readonly busy?: MessageOf<"busy">;
  /** The position that was asked for, until the server shows it. */
  readonly wanted?: number | undefined;
  /** The last thing to tell in one line, for example why a command was refused. */
  readonly notice?: Notice | undefined;
  /** True if the server has ended. */
  readonly isGone: boolean;
}

/** A line for people. */
export interface Notice {
  readonly text: string;
  readonly isBad: boolean;
}

/** The number of steps that may wait for the server: more come from a key that is held down. */
const PENDING_STEPS_MAX = 2;

/** The connection. It never reconnects, because a new server has another address. */
export class Connection {
  readonly #socket: WebSocket;
  readonly #onChange: (known: PageState) => void;
  readonly #answers = new Map<number, (answer: Answer) => void>();
  #known: PageState = { isGone: false };
  /** The last run that the server sent. */
  #nextRun: MessageOf<"run"> | undefined;
  #nextId = 0;
  #pendingSteps = 0;
  #isSeeking = false;

  /** @param onChange Called with everything that is known when something changed. */
  constructor(address: URL, onChange: (known: PageState) => void) {
    this.#onChange = onChange;
    this.#socket = new WebSocket(address);
    this.#socket.addEventListener("message", ({ data }) => this.#hear(JSON.parse(data)));
    this.#socket.addEventListener("close", () => this.#change({ isGone: true }));
  }

  /** Carries out a command.
   *
   * @returns The answer; never settles if the server ends. The page shows a refusal. */
  async do(command: Command): Promise<Answer> {
    const id = this.#nextId++;
    const { promise, resolve } = Promise.withResolvers<Answer>();
    this.#answers.set(id, resolve);
    this.#socket.send(JSON.stringify({ id, command }));
    const answer = await promise;
    const { refused, told } = answer;
    const text = refused ?? told;
    if (text !== undefined) this.tell({ text, isBad: refused !== undefined });
    else if (command.do !== "seek" && command.do !== "open") this.tell(undefined);
    return answer;
  }

  /** Shows a position. While one is on its way, only the last one counts. */
  async seek(position: number): Promise<void> {
    this.#change({ wanted: position });
    if (this.#isSeeking) return;
    this.#isSeeking = true;
    let sent: number | undefined;
    while (this.#known.wanted !== sent) {
      sent = this.#known.wanted!;
      await this.do({ do: "seek", position: sent });
    }
    this.#isSeeking = false;
    this.#change({ wanted: undefined });
  }

  /** Makes a step of one kind, unless several are under way. */
  async step(by: "event" | "message" | "operation", back = false): Promise<void> {
    if (this.#pendingSteps >= PENDING_STEPS_MAX) return;
    this.#pendingSteps++;
    await this.do({ do: "step", by, back });
    this.#pendingSteps--;
  }

  /** Shows a line to the reader, or removes it. */
  tell(notice: Notice | undefined): void {
    if (notice !== this.#known.notice) this.#change({ notice });
  }

  /** Closes the banner about the last change of the files. */
  dismissReload(): void {
    this.#change({ reloaded: undefined });
  }

  #hear(said: ServerMessage): void {
    if (said.type !== "answer") return this.#change(this.#changeBy(said));
    this.#answers.get(said.id)?.(said);
    this.#answers.delete(said.id);
  }

  #changeBy(message: Message): Partial<PageState> {
    const { position } = this.#known;
    switch (message.type) {
      case "session":
        // The files have changed once more.
        return { session: message, ...message.problem !== undefined && { reloaded: undefined } };
      case "run":
        // Another branch is shown together with its position.
        this.#nextRun = message;
        return position === undefined || position.branch === message.branch ? { run: message } : {};
      case "position":
        return {
          position: message,
          ...this.#nextRun?.branch === message.branch && { run: this.#nextRun },
        };
      case "reloaded":
        return { reloaded: message };
      case "busy":
        return { busy: message };
    }
  }

  #change(change: Partial<PageState>): void {
    this.#known = { ...this.#known, ...change };
    this.#onChange(this.#known);
  }
}
