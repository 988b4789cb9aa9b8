/**
 * The smallest run that fails, as a story: the operations, the requests, the faults of the network,
 * and the violation.
 *
 * @module
 */

import type { MessageId } from "../../labrpc/network_event.ts";
import { clerkName, serverName } from "../../testing/names.ts";
import type { TraceEvent } from "../../testing/trace_event.ts";
import { hintText, show, type Violation } from "../../testing/failure_report.ts";
import { methodName } from "../../visualizer/browser/details.ts";
import type { PageMessage, PageStory, PageStoryStep } from "../../visualizer/mod.ts";
import { HINTS } from "../../testing/hints.ts";
import { lastMomentOf } from "../run/hang.ts";
import { messagesOf } from "../recording/messages.ts";
import type { TracedEntry } from "../recording/recording.ts";
import { type Counts, countsOf } from "../counterexample/schedule.ts";
import type { Counterexample } from "../counterexample/search.ts";
import { fieldsOf, fieldsText } from "../recording/request_fields.ts";
import { calledText } from "../recording/transcript.ts";
import { isHeldBack, numberOf, summaryOf } from "./summary.ts";

/** A story. */
export interface Story {
  /** The size of the story, in one line. */
  readonly title: string;
  /** The size of the original run, if that is known. */
  readonly original?: string;
  /** The participants: clerks, then servers. */
  readonly columns: readonly string[];
  /** In the order of time. */
  readonly steps: readonly PageStoryStep[];
  /** The story in one sentence. */
  readonly summary: string;
  readonly violation: Violation;
}

/** Makes the story of a schedule that failed.
 *
 * @param subject The role of the schedule, for the title. */
export function tellStory(
  { schedule, violation, recording, original }: Counterexample,
  subject = "The smallest run that fails in this way",
): Story {
  const messages = messagesOf(recording.entries);
  const byId = new Map(messages.map((message) => [message.id, message]));
  const steps = recording.entries.flatMap((entry) => {
    return "event" in entry ? stepsOf(entry, byId) : [];
  });
  const last = recording.entries.at(-1);
  const { at } = lastMomentOf(recording.entries);
  if (violation.hint === HINTS.neverYields && last !== undefined && at !== undefined) {
    steps.push({ kind: "note", atMs: last.atMs, at, text: "never lets go" });
  }
  const columns = steps.flatMap((step) => step.kind === "note" ? step.at : [step.from, step.to]);
  return {
    title: `${subject}: ${sizeText(countsOf(schedule))}`,
    ...original && { original: sizeText(original) },
    columns: [...new Set(columns)].sort(),
    steps: shorten(steps),
    summary: summaryOf(messages, violation),
    violation,
  };
}

/** The numbers of steps that a long story keeps at its beginning and at its end. */
const STEPS_FIRST = 36;
const STEPS_LAST = 12;

function shorten(steps: readonly PageStoryStep[]): readonly PageStoryStep[] {
  const left = steps.length - STEPS_FIRST - STEPS_LAST;
  if (left <= 1) return steps;
  const next = steps[STEPS_FIRST]!;
  const at = next.kind === "note" ? next.at : next.from;
  const gap: PageStoryStep = { kind: "note", atMs: next.atMs, at, text: `… ${left} more steps …` };
  return [...steps.slice(0, STEPS_FIRST), gap, ...steps.slice(-STEPS_LAST)];
}

/** Returns the size of a run in words, for example "1 clerk, 1 server, 2 operations, no fault". */
export function sizeText({ clerks, servers, operations, faults }: Counts): string {
  return [
    count(clerks, "clerk"),
    count(servers, "server"),
    count(operations, "operation"),
    faults === 0 ? "no fault" : count(faults, "fault"),
  ].join(", ");
}

/** Returns a number with its noun, for example "2 clerks". */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}

/** Returns the steps that an event adds to a story. */
export function stepsOf(
  { atMs, event }: TracedEntry,
  messages: ReadonlyMap<MessageId, PageMessage>,
): PageStoryStep[] {
  switch (event.kind) {
    case "called":
      return [{ kind: "note", atMs, at: clerkName(event.client), text: calledText(event) }];
    case "returned": {
      const text = event.output === null ? "returns" : `returns ${show(event.output)}`;
      return [{ kind: "note", atMs, at: clerkName(event.client), text }];
    }
    case "threw": {
      // The violation gives the message.
      const text = `throws ${event.error.match(/^\w+(?=: )/)?.[0] ?? event.error}`;
      return [{ kind: "note", atMs, at: clerkName(event.client), text }];
    }
    case "fault": {
      const text = event.what === "stopped" ? "is cut off from the clerks" : "is back";
      return [{ kind: "note", atMs, at: serverName(event.server), text }];
    }
    default:
      return "message" in event ? messageSteps(event, atMs, messages.get(event.message)!) : [];
  }
}

/** Returns the steps of a message: its request, its reply, and the end of its caller's wait. */
function messageSteps(
  event: Extract<TraceEvent, { message: MessageId }>,
  atMs: number,
  message: PageMessage,
): PageStoryStep[] {
  const { from, to, sentMs, deliveredMs, dropped } = message;
  const name = nameOf(message);
  switch (event.kind) {
    case "sent":
    case "duplicated": {
      const isLost = deliveredMs === undefined && dropped !== undefined;
      const lateMs = (deliveredMs ?? sentMs) - sentMs;
      const late = isHeldBack(message) ? `, arrives ${lateMs.toFixed(0)} ms later` : "";
      const text = [name + late, fieldsText(message)].join(" ").trimEnd();
      return [{ kind: "message", atMs, from, to, text, isLost }];
    }
    case "replied": {
      const isLate = dropped?.why === "late";
      const isLost = dropped?.what === "reply" && !isLate;
      const text = `${numberOf(message)}: ${replyText(message)}${isLate ? ", too late" : ""}`;
      return [{ kind: "message", atMs, from: to, to: from, text, isLost }];
    }
    case "dropped":
      if (event.why !== "no reply") return [];
      return [{ kind: "note", atMs, at: to, text: `does not answer ${name}` }];
    case "timed out":
      return [{ kind: "note", atMs, at: from, text: `gets no reply to ${numberOf(message)}` }];
    default:
      return [];
  }
}

/** For example "1 append". */
function nameOf(message: PageMessage): string {
  const name = `${numberOf(message)} ${methodName(message.method)}`;
  return message.duplicateOf === undefined
    ? name
    : `${name}, a duplicate of ${message.duplicateOf + 1}`;
}

/** Returns the value of a reply, or the whole reply if it has no value. */
export function replyText({ reply = "" }: Pick<PageMessage, "reply">): string {
  const { value } = fieldsOf(reply);
  return value === undefined ? reply : show(value);
}

/** Returns a story in the form that a page shows. */
export function pageStory(story: Story): PageStory {
  const { title, original = "", columns, steps, summary, violation } = story;
  const { what, expected, actual } = violation;
  const notes = [
    { label: "Happened", text: summary },
    { label: "Violated", text: what },
    { label: "Expected", text: expected ?? "" },
    { label: "Actual", text: actual ?? "" },
    { label: "Hint", text: hintText(violation) },
    { label: "Whole run", text: original },
  ];
  return { title, columns, steps, notes: notes.filter(({ text }) => text !== "") };
}
