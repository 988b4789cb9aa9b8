/**
 * Descriptions of operations and messages: one line for screen readers, and rows for the
 * tooltip and the panel.
 *
 * @module
 */

import type { PageFault, PageMessage, PageOperation } from "../content.ts";
import { type Item, messagesOf, witnessesOf } from "./items.ts";
import type { Stage } from "./stage.ts";

/** The description of an operation or a message. */
export interface Details {
  readonly title: string;
  /** The outcome, shown in bold. */
  readonly status: string;
  readonly rows: readonly DetailRow[];
  /** Rows that only the panel shows. */
  readonly moreRows?: readonly DetailRow[];
}

/** One fact. */
export type DetailRow = readonly [label: string, text: string];

/** The number of characters shown before and after the start of a difference. */
const BEFORE_DIFFERENCE_LENGTH = 20;
const DIFFERENCE_LENGTH = 80;

/** Returns the full description of an item. */
export function detailsOf(stage: Stage, item: Item): Details {
  return item.kind === "operation"
    ? operationDetails(stage, item.place)
    : messageDetails(stage.messages[item.place]!);
}

/** Describes an operation in one line, with its times. */
export function operationLabel(stage: Stage, place: number): string {
  return `${operationName(stage, place)}, ${operationTime(stage, place)}`;
}

/** Describes an operation in one line: caller, call, result and status. */
export function operationName(stage: Stage, place: number): string {
  const { client, text, result } = stage.part.operations[place]!;
  const outcome = result === undefined ? "" : ` → ${result}`;
  const named = stage.layout.named.has(place) ? ", named by the reason" : "";
  return `${stage.caller} ${client}: ${text}${outcome}, ${operationStatus(stage, place)}${named}`;
}

/** Says how an operation ended if nobody saw a result. */
export function endText({ return: returned, error }: PageOperation): string {
  if (error !== undefined) return `threw ${error}`;
  return returned === undefined ? "never returned" : "returned";
}

function operationStatus({ part, layout }: Stage, place: number): string {
  switch (layout.statuses[place]!) {
    case "placed":
      return `number ${layout.numbers[place]} of ${part.order.length} in the order`;
    case "stuck":
      return "cannot be placed";
    case "unplaced":
      return part.operations[place]!.return === undefined
        ? "not placed: without a result it needs no place"
        : "not placed";
  }
}

function operationTime({ part, axis }: Stage, place: number): string {
  const { call, return: returned, callMs, returnMs } = part.operations[place]!;
  const counters = spanText(`#${call}`, returned === undefined ? undefined : `#${returned}`);
  if (axis.place === undefined || callMs === undefined) return counters;
  const times = spanText(showMs(callMs), returnMs === undefined ? undefined : showMs(returnMs));
  return `${times} (${counters})`;
}

function spanText(start: string, end: string | undefined): string {
  return end === undefined ? `from ${start}` : `${start} to ${end}`;
}

function operationDetails(stage: Stage, place: number): Details {
  const { part, layout, messages } = stage;
  const { operations, reason } = part;
  const operation = operations[place]!;
  const { client, text, result } = operation;
  const own = messagesOf(operation, messages).map((at) => messageLabel(messages[at]!));
  const isNamed = layout.named.has(place);
  const named = isNamed ? `, named by the reason (${reason!.kind})` : "";
  const mark = layout.statuses[place] === "stuck" ? "✗ " : "";
  // Without a story, this sentence is above the lanes.
  const isWhy = stage.isTold && reason !== undefined && witnessesOf(part).includes(place);
  return {
    title: `${stage.caller} ${client}`,
    status: mark + capital(operationStatus(stage, place)) + named,
    rows: [
      ...isWhy ? [["Why", reasonText(stage)] as const] : [],
      ["Call", text],
      ["Result", result ?? endText(operation)],
      ...stateRows(stage, place),
      ["Ran", operationTime(stage, place)],
    ],
    moreRows: own.length === 0 ? [] : [[`Requests sent (${own.length})`, own.join("\n")]],
  };
}

/** Returns the sentence that says why the part is not linearizable. */
export function reasonText({ part, caller }: Stage): string {
  return part.reason!.sentence.replaceAll("of client ", `of ${caller.toLowerCase()} `);
}

function stateRows({ part: { states, operations }, layout }: Stage, place: number): DetailRow[] {
  const number = layout.numbers[place]!;
  if (number > 0) return [["State before", states[number - 1]!], ["State after", states[number]!]];
  if (layout.statuses[place] !== "stuck") return [];
  const last = states.at(-1)!;
  const difference = firstDifference(last, operations[place]!.result ?? last);
  return [
    ["State after the placed operations", last],
    ...difference === undefined ? [] : [["First difference", difference] as const],
    ["State after", "none: it cannot have this result here"],
  ];
}

/** Returns an excerpt of a long state and a long result around their first difference. */
function firstDifference(state: string, result: string): string | undefined {
  if (state === result || Math.max(state.length, result.length) < DIFFERENCE_LENGTH) {
    return undefined;
  }
  let same = 0;
  while (same < Math.min(state.length, result.length) && state[same] === result[same]) same++;
  const from = Math.max(0, same - BEFORE_DIFFERENCE_LENGTH);
  const excerpt = (text: string) => {
    const end = from + DIFFERENCE_LENGTH;
    return `${from > 0 ? "…" : ""}${text.slice(from, end)}${end < text.length ? "…" : ""}`;
  };
  return `state  ${excerpt(state)}\nresult ${excerpt(result)}`;
}

/** Returns the name of a method without that of its service, for example "append". */
export function methodName(method: string): string {
  return method.slice(method.lastIndexOf(".") + 1);
}

/** Describes a message in one line. */
export function messageLabel(message: PageMessage): string {
  const { id, from, to, method, sentMs } = message;
  return `Request ${id + 1}, ${from} to ${to}, ${method}, sent at ${showMs(sentMs)}, ` +
    messageFate(message);
}

function messageFate(message: PageMessage): string {
  const { dropped, receivedMs, repliedMs, deliveredMs, timedOutMs } = message;
  if (dropped !== undefined) {
    const { what, why, atMs } = dropped;
    const fate = {
      late: `${what} came too late`,
      lost: `${what} was lost`,
      "no reply": "the server gave no reply",
      unreachable: `${what} could not reach the ${what === "request" ? "server" : "caller"}`,
    }[why];
    return `${fate} at ${showMs(atMs)}`;
  }
  if (receivedMs !== undefined) return `answered at ${showMs(receivedMs)}`;
  if (timedOutMs !== undefined) return `timed out at ${showMs(timedOutMs)}`;
  if (repliedMs !== undefined) return "the reply is under way";
  return deliveredMs === undefined ? "still under way" : "not answered yet";
}

/** Returns the full description of a message. */
export function messageDetails(message: PageMessage): Details {
  const { id, from, to, method, args, reply, dropped } = message;
  const times = [
    ["sent", message.sentMs],
    ["delivered", message.deliveredMs],
    ["replied", message.repliedMs],
    ["received", message.receivedMs],
    ["timed out", message.timedOutMs],
    [`${dropped?.what} dropped, ${dropped?.why}`, dropped?.atMs],
  ] as const;
  const known = times.filter(([, atMs]) => atMs !== undefined).sort(([, a], [, b]) => a! - b!);
  return {
    title: `Request ${id + 1}`,
    status: (dropped === undefined ? "" : "✗ ") + capital(messageFate(message)),
    rows: [
      ["Call", `${method}, ${from} → ${to}`],
      ...args === undefined ? [] : [["Arguments", args] as const],
      ...reply === undefined ? [] : [["Reply", reply] as const],
      ["Times", known.map(([what, atMs]) => `${what} at ${showMs(atMs!)}`).join("\n")],
    ],
  };
}

/** Describes in one line how long a server was stopped. */
export function faultLabel(stopped: PageFault, started: PageFault | undefined): string {
  const end = started === undefined ? "to the end" : `to ${showMs(started.atMs)}`;
  return `${stopped.server} stopped, ${showMs(stopped.atMs)} ${end}`;
}

function showMs(atMs: number): string {
  return `${Number(atMs.toFixed(3))} ms`;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
