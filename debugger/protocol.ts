/**
 * The messages between the page of the debugger and its server.
 *
 * They use one WebSocket, at `session` beside the page. Each message is the JSON text of one
 * value. The page sends a {@linkcode Request}, and the server replies with one {@linkcode Answer}
 * that has the same number. The server also sends changes: a {@linkcode Message} replaces earlier
 * ones of its kind. After the page has connected, the server sends `session`, then `run` and
 * `position` as soon as there is a run.
 *
 * The server serves the page itself at the address that it prints, which ends in a secret folder:
 * `http://127.0.0.1:8620/TOKEN/`. The page uses relative addresses and does not know the token.
 * For each path below that folder ("" is the page), the server calls `pageFile(path)` of
 * `page/assets.ts`.
 *
 * Words:
 * - A *branch* is one sequence of events: the run that was opened, or a continuation by hand.
 * - A *step* is one event of a branch. Steps are numbered from 1.
 * - A *position* lies between steps. Position 0 is before the first step. Position `n` is after
 *   step `n` and all its effects, just before the next step.
 * - A *moment* is one or more steps at one time. A person can act only at the end of a moment.
 *
 * Times are virtual milliseconds since the start of the run. Machines are named as in the
 * messages, for example "clerk 0" and "server 1".
 *
 * @module
 */

export * from "./protocol/commands.ts";
export * from "./protocol/limits.ts";
export * from "./protocol/messages.ts";
export * from "./protocol/run.ts";
export * from "./protocol/values.ts";
