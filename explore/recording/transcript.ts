/**
 * A run in words: one line for each operation, message and fault, in the order in which they began.
 *
 * @module
 */

import type { MessageId } from "../../labrpc/network_event.ts";
import { cleanText } from "../../linearizability/mod.ts";
import { show, showCall } from "../../testing/failure_report.ts";
import { clerkName, serverName } from "../../testing/names.ts";
import type { TraceEvent } from "../../testing/trace_event.ts";
import type { PageMessage } from "../../visualizer/mod.ts";
import { messagesOf } from "./messages.ts";
import type { Entry, Recording, TracedEntry } from "./recording.ts";

const INDENT = " ".repeat(11);

/** The number of lines that are shown unless all are wanted. */
export const TRANSCRIPT_LINES_MAX = 60;

/** Returns the text of a run.
 *
 * @param all True if all lines are wanted, and not only the last ones.
 * @param html The file for a page of the run, if there is one. */
export function transcriptText(
  recording: Recording,
  { all, html }: { all: boolean; html?: string | undefined },
): string {
  const lines = transcriptOf(recording);
  const left = all ? 0 : Math.max(0, lines.length - TRANSCRIPT_LINES_MAX);
  if (left === 0) return lines.join("\n");
  const page = html === undefined ? ", --html=run.html draws them" : "";
  const note = `(${left} lines before these are left out; --all prints them${page})`;
  return [note, ...lines.slice(left)].join("\n");
}

/** Returns the lines of a whole run. */
export function transcriptOf({ entries, outages }: Recording): string[] {
  const lines: { atMs: number; text: string }[] = [];
  const messages = new Map(messagesOf(entries).map((message) => [message.id, message]));
  for (const entry of entries) {
    const text = entryText(entry, messages);
    if (text !== undefined) lines.push({ atMs: entry.atMs, text });
  }
  for (const { server, startMs, endMs } of outages) {
    const text = `${serverName(server)} is out of the clerks' reach until ${endMs.toFixed(1)} ms`;
    lines.push({ atMs: startMs, text });
  }
  return lines.toSorted((one, other) => one.atMs - other.atMs)
    .map(({ atMs, text }) => `${atMs.toFixed(1).padStart(INDENT.length - 2)}  ${cleanText(text)}`);
}

/** Returns the line of an entry, if it has one: the line of a request includes its outcome. */
function entryText(entry: Entry, messages: Map<MessageId, PageMessage>): string | undefined {
  if ("printed" in entry) {
    const { machine = "", printed } = entry;
    return `${machine} printed: ${printed.replaceAll("\n", `\n${INDENT}`)}`.trimStart();
  }
  const { event } = entry;
  switch (event.kind) {
    case "called":
      return `${clerkName(event.client)}: ${calledText(event)}`;
    case "returned": {
      const { client, output } = event;
      return `${clerkName(client)}: returned${output === null ? "" : ` ${show(output)}`}`;
    }
    case "threw":
      return `${clerkName(event.client)}: threw ${event.error}`;
    case "fault":
      return `${serverName(event.server)} ${event.what}`;
    case "sent":
      return messageText(messages.get(event.message)!);
    case "duplicated":
      return `${messageText(messages.get(event.message)!)} (a duplicate, made by the network)`;
    default:
      return undefined;
  }
}

/** Returns the call of an operation as code. */
export function calledText(
  { operation: op, key, value }: Extract<TraceEvent, { kind: "called" }>,
): string {
  return showCall(op === "get" ? { op, key } : { op, key, value });
}

function messageText(message: PageMessage): string {
  const { from, to, method, args = "" } = message;
  return `  ${from} to ${to}: ${method} ${args}, ${fateText(message)}`;
}

function fateText(message: PageMessage): string {
  const { sentMs, deliveredMs, repliedMs, receivedMs, timedOutMs, dropped, reply } = message;
  const after = (atMs: number) => `after ${(atMs - sentMs).toFixed(1)} ms`;
  if (receivedMs !== undefined) return `answered ${after(receivedMs)} with ${reply}`;
  const parts: string[] = [];
  if (dropped?.what === "request") parts.push(`request ${dropped.why}`);
  if (deliveredMs !== undefined) parts.push(`delivered ${after(deliveredMs)}`);
  if (repliedMs !== undefined) parts.push(`replied with ${reply}`);
  if (dropped?.what === "reply") {
    parts.push(dropped.why === "no reply" ? "no reply" : `reply ${dropped.why}`);
  }
  if (timedOutMs !== undefined) parts.push(`timed out ${after(timedOutMs)}`);
  return parts.join(", ") || "still on its way";
}

/** Returns one event in words, with all of its fields. */
export function eventLine({ atMs, event, carried }: TracedEntry): string {
  const { kind, ...fields } = event;
  const words = Object.entries(fields).filter(([name]) => name !== "content")
    .map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  if (carried !== undefined) words.push(carried);
  return `${atMs.toFixed(3)} ms: ${kind}, ${words.join(", ")}`;
}
