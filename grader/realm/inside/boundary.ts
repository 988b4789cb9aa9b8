/**
 * The boundary between a realm and its host: the functions that each side may call on the other.
 * Only strings, numbers and booleans cross.
 *
 * @module
 */

/** The functions of the host that a realm may call. The prelude keeps these functions in closures
 * that no student code can reach, and catches all their errors. */
export interface HostCalls {
  /** Returns the virtual time in milliseconds. */
  now(): number;
  /** Returns 32 bits of chance. */
  bits(): number;
  /** Sets timer `id`; the host calls {@linkcode RealmCalls.fire} after `delayMs`. */
  setTimer(id: number, delayMs: number): void;
  clearTimer(id: number): void;
  /** Ends the run because code reads the clock in a loop. */
  busyWait(): void;
  /** Sends a request over a link.
   *
   * @param call The number of the call, for its outcome.
   * @param args JSON text, or the reason that the arguments cannot be encoded. */
  send(link: number, call: number, method: string, args: string, isProblem: boolean): void;
  /** Passes on the reply of a handler.
   *
   * @param run The number of the execution.
   * @param reply A text of the form that {@linkcode Checked} names. */
  replied(run: number, reply: string, checked: Checked): void;
  /** Passes on the JSON text of the {@linkcode ThrownText} of a handler. */
  handlerThrew(run: number, thrown: string): void;
  /** Passes on the result of a clerk's operation.
   *
   * @param operation The number of the operation.
   * @param result The returned string, or a readable text of any other result. */
  returned(operation: number, result: string, isString: boolean): void;
  /** Passes on the JSON text of the {@linkcode ThrownText} of a clerk's operation. */
  operationThrew(operation: number, thrown: string): void;
  /** Reports that the module is loaded.
   *
   * @param thrown "", or the JSON text of a {@linkcode ThrownText} if the module threw after an
   * `await`. */
  loaded(thrown: string): void;
  /** Prints a line.
   *
   * @returns False if no line after it will be printed. */
  print(line: string): boolean;
  /** Runs a late script in this realm. */
  loadScript(name: LateScript): void;
}

/** The functions of a realm that the host may call. */
export interface RealmCalls {
  /** Resets the realm for the next run.
   *
   * @returns False if the last run changed too much. */
  beginAgain(): boolean;
  /** Passes on the value of a late script. */
  giveScript(name: LateScript, made: unknown): void;
  /** Runs the submission's module.
   *
   * @param module A function of this realm that loads the module.
   * @returns "" if the module is loaded or waits in an `await`, or the JSON text of a
   * {@linkcode ThrownText}. */
  load(module: unknown): string;
  /** Makes the server of this realm.
   *
   * @param cfg The JSON text of its config without the links.
   * @returns The JSON text of a {@linkcode MadeServer} or of a {@linkcode ThrownText}. */
  makeServer(cfg: string, links: number): string;
  /** Makes the clerk of this realm.
   *
   * @returns "", or the JSON text of a {@linkcode ThrownText}. */
  makeClerk(cfg: string, links: number): string;
  /** Starts an operation of the clerk.
   *
   * @param op "get", "put" or "append".
   * @param value The written value; "" for a get. */
  start(operation: number, op: string, key: string, value: string): void;
  /** Runs a handler, which ends with {@linkcode HostCalls.replied} or
   * {@linkcode HostCalls.handlerThrew}. */
  run(run: number, method: string, args: string): void;
  /** Checks arguments against the schema of a method.
   *
   * @param args JSON text.
   * @returns "" if they fit and arrive unchanged, or the JSON text of a {@linkcode PackedText}. */
  packArgs(method: string, args: string): string;
  /** Ends a call with a reply. */
  receive(call: number, reply: string): void;
  /** Ends a call without a reply.
   *
   * @param link The name of the link, for the report of a failure. */
  timeOut(call: number, request: string, link: string): void;
  /** Ends a call with an `RpcError`. */
  refuse(call: number, message: string): void;
  /** Fires a timer.
   *
   * @returns "", or the JSON text of a {@linkcode ThrownText}. */
  fire(id: number): string;
}

/** A script that runs in a realm when it is first needed: "tools" turns values into texts,
 * "platform" defines the globals that few submissions use. */
export type LateScript = "tools" | "platform";

/** The form of the text of a reply: "unchanged" for the JSON text of a reply that fits its schema,
 * "packed" for the JSON text of a {@linkcode PackedText}. */
export type Checked = "unchanged" | "packed";

/** A message that its schema changed, or the reason that the schema refused it. */
export type PackedText =
  | { text: string; bytes: number; content: number }
  | { problem: string };

/** A new server. */
export interface MadeServer {
  methods: MadeMethod[];
}

/** A method of a server. */
export interface MadeMethod {
  /** The full name, for example "KVServer.get". */
  name: string;
  /** The path of the entry in the `rpc` table. */
  table: string;
}

/** A thrown value as text. */
export interface ThrownText {
  /** "timeout", "rpc" and "submission" are errors of the lab; "value" is not an error. */
  kind: "timeout" | "rpc" | "submission" | "error" | "value";
  /** The name of an error, or `String(value)`. */
  name: string;
  /** The message of an error, or a readable text of a value. */
  message: string;
  stack: string;
  /** The name of the link, if it is the timeout of a call. */
  link?: string | undefined;
  /** The errors of an `AggregateError`. */
  errors?: ThrownText[];
}
