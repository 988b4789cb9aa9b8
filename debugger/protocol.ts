/**
 * Everything that the page of the debugger and its server say to each other.
 *
 * They talk over one WebSocket, at `session` beside the page; each message is the JSON text of
 * one value. The page sends a {@linkcode Request}; the server answers it with one
 * {@linkcode Answer} that has the same number. Between answers the server sends what changed:
 * a {@linkcode Message} replaces what an earlier one of its kind said. After the page has
 * connected, the server sends `session` unasked, and `run` and `position` as soon as there is a
 * run.
 *
 * The server serves the page itself at the address that it prints, which ends in a secret folder:
 * `http://127.0.0.1:8620/TOKEN/`. A page that uses relative addresses needs to know nothing of
 * the token. For each path below that folder ("" is the page), the server asks `pageFile(path)` of
 * `page/assets.ts`.
 *
 * Words:
 * - A *branch* is one line of events: the run that was opened, or one that a person went on
 *   with by hand.
 * - A *step* is one event of a branch. Steps are numbered from 1.
 * - A *position* is a place between steps: 0 is before the first step; position `n` is after
 *   step `n`, when everything has happened that step `n` leads to, up to the next step.
 * - A *moment* is what happens without a break at one time: one or several steps. A person
 *   can act only at the end of a moment.
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
