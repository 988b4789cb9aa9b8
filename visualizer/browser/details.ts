/**
 * The texts about an operation or a message: in one line for screen readers, and
 * in rows for the box at the pointer and the panel.
 *
 * @module
 */

import type { PageFault } from "../content.ts";
import type { FlatMessage } from "./data.ts";
import { callerWord, type Item, messagesOf, type Scene } from "./scene.ts";

/** The text about one thing. */
export interface Details {
  readonly title: string;
  /** The remark that stands out, good or bad. */
  readonly status: string;
  readonly rows: readonly DetailRow[];
}

/** One fact. */
export interface DetailRow {
  readonly label: string;
  readonly text: string;
  /** Shown in the panel only. */
  readonly isLong?: true;
}

/** The number of characters that are shown before a difference. */
const BEFORE_DIFFERENCE_LENGTH = 20;
const DIFFERENCE_LENGTH = 80;

/** Says everything about an item. */
export function detailsOf(scene: Scene, item: Item): Details {
  return item.kind === "operation"
    ? operationDetails(scene, item.place)
    : messageDetails(scene.messages[item.place]!);
}

/** An operation in one line. */
export function operationLabel(scene: Scene, place: number): string {
  return `${operationName(scene, place)}, ${operationTime(scene, place)}`;
}

/** Returns what an operation did, and what became of it. */
export function operationName(scene: Scene, place: number): string {
  const { client, text, result } = scene.part.operations[place]!;
  const outcome = result === undefined ? "" : ` → ${result}`;
  const named = scene.layout.named.has(place) ? ", named by the reason" : "";
  return `${callerWord(scene)} ${client}: ${text}${outcome}, ${
    operationStatus(scene, place)
  }${named}`;
}

function operationStatus({ part, layout }: Scene, place: number): string {
  switch (layout.statuses[place]!) {
    case "placed":
      return `number ${layout.numbers[place]} of ${part.order.length} in the order`;
    case "stuck":
      return "cannot be placed";
    case "unplaced":
      return "not placed";
  }
}

function operationTime({ part, axis }: Scene, place: number): string {
  const { call, return: returned, callMs, returnMs } = part.operations[place]!;
  const counters = `#${call} to ${returned === undefined ? "no return" : `#${returned}`}`;
  if (axis.place === undefined || callMs === undefined) return counters;
  const end = returned === undefined ? "never returned" : showMs(returnMs!);
  return `${showMs(callMs)} to ${end} (${counters})`;
}

function operationDetails(scene: Scene, place: number): Details {
  const { part, layout } = scene;
  const { client, text, result, return: returned } = part.operations[place]!;
  const rows: DetailRow[] = [
    { label: "Call", text },
    {
      label: "Result",
      text: result ?? (returned === undefined ? "never returned" : "none to see"),
    },
    ...stateRows(scene, place),
    { label: "Ran", text: operationTime(scene, place) },
  ];
  const own = messagesOf(scene, place);
  if (own.length > 0) {
    const text = own.map((at) => messageLabel(scene.messages[at]!)).join("\n");
    rows.push({ label: `Messages sent (${own.length})`, text, isLong: true });
  }
  const isNamed = layout.named.has(place);
  const named = isNamed ? `, named by the reason (${part.reason!.kind})` : "";
  // Without a story, the sentence stands above the lanes.
  if (isNamed && scene.isTold) rows.unshift({ label: "Why", text: part.reason!.sentence });
  const mark = layout.statuses[place] === "stuck" ? "✗ " : "";
  return {
    title: `${callerWord(scene)} ${client}`,
    status: mark + capital(operationStatus(scene, place)) + named,
    rows,
  };
}

function stateRows({ part, layout }: Scene, place: number): DetailRow[] {
  const number = layout.numbers[place]!;
  if (number > 0) {
    return [
      { label: "State before", text: part.states[number - 1]! },
      { label: "State after", text: part.states[number]! },
    ];
  }
  if (layout.statuses[place] !== "stuck") return [];
  const last = part.states.at(-1)!;
  const { result } = part.operations[place]!;
  const rows: DetailRow[] = [{
    label: "State after the placed operations",
    text: last,
  }];
  const difference = result === undefined ? undefined : firstDifference(last, result);
  if (difference !== undefined) rows.push({ label: "First difference", text: difference });
  rows.push({ label: "State after", text: "none: it cannot have this result here" });
  return rows;
}

/** Returns the place where a long state and a long result part ways. */
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

/** A message in one line. */
export function messageLabel(message: FlatMessage): string {
  const { id, from, to, method, sentMs } = message;
  return `Message ${id}, ${from} to ${to}, ${method}, sent at ${showMs(sentMs)}, ` +
    messageFate(message);
}

/** Returns what became of a message. */
function messageFate(message: FlatMessage): string {
  const { dropped, why, droppedMs, receivedMs, deliveredMs, timedOutMs } = message;
  if (dropped !== undefined) {
    const at = droppedMs === undefined ? "" : ` at ${showMs(droppedMs)}`;
    switch (why) {
      case "late":
        return `${dropped} came too late${at}`;
      case "no reply":
        return `the server gave no reply${at}`;
      case "unreachable":
        return `${dropped} could not reach ${
          dropped === "request" ? "the server" : "the caller"
        }${at}`;
      default:
        return `${dropped} was lost${at}`;
    }
  }
  if (receivedMs !== undefined) return `answered at ${showMs(receivedMs)}`;
  if (timedOutMs !== undefined) return `timed out at ${showMs(timedOutMs)}`;
  return deliveredMs === undefined ? "still under way" : "not answered yet";
}

/** Says everything about a message. */
export function messageDetails(message: FlatMessage): Details {
  const { id, from, to, method, args, reply } = message;
  const times = [
    ["sent", message.sentMs],
    ["delivered", message.deliveredMs],
    ["replied", message.repliedMs],
    ["received", message.receivedMs],
    ["timed out", message.timedOutMs],
    [`${message.dropped} dropped, ${message.why}`, message.droppedMs],
  ] as const;
  const known = times.filter(([, atMs]) => atMs !== undefined)
    .sort(([, a], [, b]) => a! - b!);
  const rows: DetailRow[] = [{ label: "Call", text: `${method}, ${from} → ${to}` }];
  if (args !== undefined) rows.push({ label: "Arguments", text: args });
  if (reply !== undefined) rows.push({ label: "Reply", text: reply });
  rows.push({
    label: "Times",
    text: known.map(([what, atMs]) => `${what} at ${showMs(atMs!)}`).join("\n"),
  });
  const mark = message.dropped === undefined ? "" : "✗ ";
  return { title: `Message ${id}`, status: mark + capital(messageFate(message)), rows };
}

/** A stop of a server in one line. */
export function faultLabel(stopped: PageFault, started: PageFault | undefined): string {
  const end = started === undefined ? "to the end" : `to ${showMs(started.atMs)}`;
  return `${stopped.server} stopped, ${showMs(stopped.atMs)} ${end}`;
}

/** A moment, for people. */
export function showMs(atMs: number): string {
  return `${Number(atMs.toFixed(3))} ms`;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
