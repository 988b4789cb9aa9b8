/**
 * The boundary between a realm and its host: the functions of each side that the other may
 * call. Arguments and results are strings, numbers and booleans; nothing else crosses.
 *
 * @module
 */

/** The functions of the host that a realm may call. The prelude keeps these functions in closures
 * that no student code can reach, and catches whatever they throw. */
export interface HostCalls {
  /** Returns the virtual time in milliseconds. */
  now(): number;
  /** Returns 32 bits of chance. */
  bits(): number;
  /** Sets timer `id`; the host calls {@linkcode RealmCalls.fire} after `delayMs`. */
  setTimer(id: number, delayMs: number): void;
  clearTimer(id: number): void;
  /** Ends the run because the clock is read on and on at one time. */
  busyWait(): void;
  /** Sends a request over a link.
   *
   * @param call The number under which the outcome comes back.
   * @param args JSON text, or the problem of arguments that cannot be encoded. */
  send(link: number, call: number, method: string, args: string, isProblem: boolean): void;
  /** Gives what a handler returned.
   *
   * @param run The number that the host gave the execution.
   * @param reply What {@linkcode Checked} says. */
  replied(run: number, reply: string, checked: Checked): void;
  /** Gives what a handler threw, as the JSON text of a {@linkcode ThrownText}. */
  handlerThrew(run: number, thrown: string): void;
  /** Gives what an operation of a clerk returned.
   *
   * @param operation The number that the host gave the operation.
   * @param result A string that it returned, or any other result as a readable text. */
  returned(operation: number, result: string, isString: boolean): void;
  /** Gives what an operation of a clerk threw, as the JSON text of a {@linkcode ThrownText}. */
  operationThrew(operation: number, thrown: string): void;
  /** Tells that the module is loaded.
   *
   * @param thrown "", or the JSON text of the {@linkcode ThrownText} that an awaiting module
   * threw. */
  loaded(thrown: string): void;
  /** Prints a line.
   *
   * @returns False if no line after it will be printed. */
  print(line: string): boolean;
  /** Runs one of the scripts that few realms need, in this realm. */
  loadScript(name: LateScript): void;
}

/** The functions of a realm that the host may call. */
export interface RealmCalls {
  /** Forgets the run that is over, and makes everything ready for the next one.
   *
   * @returns False if that run changed too much. */
  beginAgain(): boolean;
  /** Hands over what a late script made. */
  giveScript(name: LateScript, made: unknown): void;
  /** Runs the submission's module.
   *
   * @param module Its wrapper, a function of this realm.
   * @returns "" if it is loaded or still loads, or the JSON text of a
   * {@linkcode ThrownText}. */
  load(module: unknown): string;
  /** Makes the server of this realm.
   *
   * @param cfg The JSON text of its config, without the links.
   * @returns The JSON text of a {@linkcode MadeServer}, or of a {@linkcode ThrownText}. */
  makeServer(cfg: string, links: number): string;
  /** Makes the clerk of this realm.
   *
   * @returns "", or the JSON text of a {@linkcode ThrownText}. */
  makeClerk(cfg: string, links: number): string;
  /** Starts an operation of the clerk.
   *
   * @param op Its name.
   * @param value What it writes; "" for a get. */
  start(operation: number, op: string, key: string, value: string): void;
  /** Runs a handler. Its outcome comes back by {@linkcode HostCalls.replied}. */
  run(run: number, method: string, args: string): void;
  /** Holds arguments to the schema of a method.
   *
   * @param args JSON text.
   * @returns "" if they fit and arrive as they are, or the JSON text of a
   * {@linkcode PackedText}. */
  packArgs(method: string, args: string): string;
  /** Gives the reply to a call. */
  receive(call: number, reply: string): void;
  /** Ends a call without a reply. */
  timeOut(call: number, request: string): void;
  /** Ends a call that was a mistake of the program. */
  refuse(call: number, message: string): void;
  /** Fires a timer.
   *
   * @returns "", or the JSON text of a {@linkcode ThrownText}. */
  fire(id: number): string;
}

/** A script that runs in a realm when it is first needed: "tools" make texts of values,
 * "platform" has the globals that few submissions use. */
export type LateScript = "tools" | "platform";

/** The form of the text of a reply: "as it is", the JSON text of a reply that fits its schema;
 * "packed", that of a {@linkcode PackedText}. */
export type Checked = "as it is" | "packed";

/** A message that was packed in a realm, since its schema made something else of it, or
 * refused it. */
export type PackedText =
  | { text: string; bytes: number; content: number }
  | { problem: string };

/** A server that was made. */
export interface MadeServer {
  methods: MadeMethod[];
}

/** A method of a server. */
export interface MadeMethod {
  /** Its full name. */
  name: string;
  /** The path of its entry in the `rpc` table. */
  table: string;
  /** True if the schema of its arguments says the same of the same text at all times. */
  isPlain: boolean;
}

/** Something that was thrown, as text. */
export interface ThrownText {
  /** "timeout", "rpc" and "submission" are errors of the lab; "value" is no error at all. */
  kind: "timeout" | "rpc" | "submission" | "error" | "value";
  /** The error's name; of a value, what `String` makes of it. */
  name: string;
  /** The error's message; of a value, a readable text. */
  message: string;
  stack: string;
  /** The errors of an `AggregateError`. */
  errors?: ThrownText[];
}
