/**
 * Says who made a call whose timeout nobody handled. The error has no stack: one for each
 * call would cost as much as the call.
 *
 * @module
 */

import type { Violation } from "./failure_report.ts";
import { HINTS } from "./hints.ts";
import type { MessageLog } from "./message_log.ts";
import { isClerk } from "./names.ts";

/** What is said of a timeout that reached no handler. */
const TIMEOUT = /^(.+) TimeoutError: (\w+\.\w+) got no reply/;

/** Adds the caller and the lines that may have made the call to a timeout that nobody
 * handled.
 *
 * @param messages The requests of the run.
 * @param files The texts of the student's files by their names.
 */
export function withCaller(
  violation: Violation,
  messages: MessageLog,
  files: Readonly<Record<string, string>>,
): Violation {
  const [, context, method] = violation.what.match(TIMEOUT) ?? [];
  const { from, to, method: name } = messages.lastTimedOut ?? {};
  if (method === undefined || from === undefined || !method.endsWith(`.${name}`)) {
    return { ...violation };
  }
  const where = linesWith(
    `"${method}"`,
    isClerk(from) ? "client.ts" : "server.ts",
    files,
  );
  const told = where.length > 0 ? { ...violation, where } : { ...violation };
  if (context !== "Nobody handled") return told;
  const what = `Nobody handled the timeout of ${method}, which ${from} called on ${to}`;
  return { ...told, what, hint: HINTS.unhandledTimeout };
}

/** Returns the places of a text in a file, without those in comments. */
function linesWith(
  text: string,
  file: string,
  files: Readonly<Record<string, string>>,
): string[] {
  const isCode = (line: string) => !/^\s*(?:\*|\/\/)/.test(line);
  return (files[file] ?? "").split("\n").flatMap((line, i) => {
    return line.includes(text) && isCode(line) ? `${file}:${i + 1}` : [];
  });
}
