/**
 * Says who made a call whose timeout nobody handled. The error has no stack: one for each
 * call would cost as much as the call.
 *
 * @module
 */

import type { Violation } from "./failure_report.ts";
import { HINTS } from "./hints.ts";
import type { MessageLog } from "./message_log.ts";

/** The message of an unhandled timeout. */
const UNHANDLED = /^Nobody handled TimeoutError: (\w+\.\w+) got no reply/;

/** Adds the caller and the lines that may have made the call to an unhandled timeout.
 *
 * @param messages The requests of the run.
 * @param files The texts of the student's files by their names.
 */
export function withCaller(
  violation: Violation,
  messages: MessageLog,
  files: Readonly<Record<string, string>>,
): Violation {
  const method = violation.what.match(UNHANDLED)?.[1];
  const { from, to, method: name } = messages.lastTimedOut ?? {};
  if (method === undefined || from === undefined || !method.endsWith(`.${name}`)) return violation;
  const file = from.startsWith("clerk") ? "client.ts" : "server.ts";
  const lines = (files[file] ?? "").split("\n");
  const isCall = (line: string) => line.includes(`"${method}"`) && !/^\s*(?:\*|\/\/)/.test(line);
  return {
    ...violation,
    what: `Nobody handled the timeout of ${method}, which ${from} called on ${to}`,
    where: lines.flatMap((line, i) => isCall(line) ? `${file}:${i + 1}` : []),
    hint: HINTS.unhandledTimeout,
  };
}
