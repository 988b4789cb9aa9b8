/// <reference lib="dom" />
/**
 * Faults and messages. Each server has a band: the upper line stands for its callers, the
 * lower one for the server. A request goes down, the server works, the reply goes up. A lost
 * message ends halfway in a cross, a late reply is dashed and ends in a ring, and a bar
 * across the upper line is a caller that gives up.
 *
 * If too many messages are in view, a band shows how many were sent and dropped.
 *
 * @module
 */

import type { VNode } from "preact";
import type { PageFault } from "../content.ts";
import { faultLabel, messageLabel, methodName } from "./details.ts";
import { html } from "./html.ts";
import { CHARACTER_PX, columnsShape, fit, GUTTER_PX } from "./shapes.ts";
import type { Pane, Stage } from "./stage.ts";
import { BAND, distanceTo, strokePath, STROKES, strokesOf, STUB_PX } from "./strokes.ts";

/** The height of a row of faults. */
const FAULT_PX = 22;

/** If more messages are in view, a band counts them instead of drawing them. */
const MESSAGES_MAX = 250;
/** If more messages of a band are in view, they have no names. */
const NAMED_MAX = 60;
/** The width of a column of the chart of counts. */
const COLUMN_PX = 4;
/** The greatest distance at which the pointer still reaches a message. */
const REACH_PX = 7;
/** Stops at least this wide have text, and text that includes the end. */
const STOP_TEXT_PX = 60;
const STOP_END_PX = 150;

/** The rows of the pane. */
export interface Network {
  /** The servers that stopped, and when; a row each, above the bands. */
  readonly stops: readonly (readonly [server: string, stops: readonly Stop[]])[];
  readonly bands: readonly Band[];
}

/** The messages to one server. */
interface Band {
  readonly server: string;
  readonly topPx: number;
  /** Indexes of messages, in the order of sending. */
  readonly places: readonly number[];
}

/** A time during which a server was stopped. */
interface Stop {
  readonly stopped: PageFault;
  readonly started: PageFault | undefined;
}

const byName = new Intl.Collator("en", { numeric: true }).compare;

/** Assigns rows to each server. */
export function networkOf({ messages, faults }: Pick<Stage, "messages" | "faults">): Network {
  const stops = [...stopsByServer(faults)].sort(([a], [b]) => byName(a, b));
  const servers = Map.groupBy(messages.keys(), (place) => messages[place]!.to);
  const bands = [...servers].sort(([a], [b]) => byName(a, b)).map(([server, places], i) => ({
    server,
    topPx: stops.length * FAULT_PX + i * BAND.heightPx,
    places: places.sort((a, b) => messages[a]!.sentMs - messages[b]!.sentMs),
  }));
  return { stops, bands };
}

function stopsByServer(faults: readonly PageFault[]): Map<string, Stop[]> {
  const stops = new Map<string, Stop[]>();
  for (const fault of faults.toSorted((a, b) => a.atMs - b.atMs)) {
    const own = stops.get(fault.server) ?? [];
    const last = own.at(-1);
    const isDown = last !== undefined && last.started === undefined;
    if (fault.what === "stopped" && !isDown) own.push({ stopped: fault, started: undefined });
    if (fault.what === "started" && isDown) own[own.length - 1] = { ...last, started: fault };
    // The first start of a server does not end a stop.
    if (own.length > 0) stops.set(fault.server, own);
  }
  return stops;
}

/** The pane of the messages. */
export const MESSAGES: Pane = {
  headPx: 0,
  rowPx: BAND.heightPx,
  rows: ({ network }) => network.bands.map(({ places }) => places),
  extents: ({ extents }) => extents,
  topOf: ({ network }, place) => bandOf(network, place).topPx,
  pick: messageAt,
};

/** The faults and the messages. */
export function Messages({ stage }: { stage: Stage }): VNode {
  const { view, hovered, pinned, active, messages, network, own } = stage;
  const { stops, bands } = network;
  const heightPx = stops.length * FAULT_PX + bands.length * BAND.heightPx;
  const pathOf = (places: readonly (number | undefined)[]) =>
    places.filter((place) => place !== undefined).flatMap((place) =>
      strokesOf(stage, messages[place]!, bandOf(network, place).topPx)
    ).map(strokePath).join("");
  const placeOf = (item: Stage["hovered"]) => item?.kind === "message" ? item.place : undefined;
  const focus = active.message;
  return html`
    <svg id="messages" height=${heightPx}>
      <path class="lane-lines" d=${linesOf(network, GUTTER_PX + view.widthPx)} />
      <svg class="plot" x=${GUTTER_PX} width=${view.widthPx} height=${heightPx}>
        ${stops.map(([, own], row) => own.map((stop) => drawStop(stage, stop, row * FAULT_PX)))}
        <path class="message own" d=${pathOf(own)} />
        ${bands.map((band) => drawBand(stage, band))}
        <path class="message hovered" d=${pathOf([placeOf(hovered)])} />
        <path class="message pinned" d=${pathOf([placeOf(pinned)])} />
        <path class="message active" role="button" d=${pathOf([focus])}
          tabindex=${focus === undefined ? -1 : 0}
          aria-label=${focus === undefined ? "" : messageLabel(messages[focus]!)}
          aria-pressed=${String(focus !== undefined && placeOf(pinned) === focus)} />
      </svg>
      <g class="names">
        ${stops.map(([server], i) =>
          html`<text x="10" y=${i * FAULT_PX + 15}>${server} faults</text>`
        )}
        ${bands.map(({ server, topPx }) =>
          html`
            <text x="10" y=${topPx + BAND.callersPx + 4}>callers ↓↑</text>
            <text x="10" y=${topPx + BAND.serverPx + 4}>${server}</text>
          `
        )}
      </g>
    </svg>
  `;
}

function linesOf({ stops, bands }: Network, right: number): string {
  const rows = stops.map((_, i) => `M0 ${(i + 1) * FAULT_PX - 0.5}H${right}`);
  const lines = bands.map(({ topPx }) =>
    `M0 ${topPx + BAND.heightPx - 0.5}H${right}M${GUTTER_PX} ${topPx + BAND.callersPx}H${right}` +
    `M${GUTTER_PX} ${topPx + BAND.serverPx}H${right}`
  );
  return [...rows, ...lines].join("");
}

function drawStop({ view, axis }: Stage, { stopped, started }: Stop, top: number) {
  const left = view.pxNear(axis.place!(stopped.atMs));
  const right = view.pxNear(started === undefined ? Infinity : axis.place!(started.atMs));
  if (right < 0 || left > view.widthPx) return undefined;
  const start = Math.max(left, 0);
  const room = Math.min(right, view.widthPx) - start;
  const isWhole = room > STOP_END_PX && started !== undefined && right < view.widthPx;
  return html`
    <rect class="stop" role="img" x=${left} y=${top + 3} width=${Math.max(right - left, 2)}
      height=${FAULT_PX - 7} aria-label=${faultLabel(stopped, started)} />
    ${room > STOP_TEXT_PX && html`
      <text class="stop-text" aria-hidden="true" x=${start + 5} y=${top + 15}>
        ${isWhole ? "■ stopped … started ▶" : "■ stopped"}
      </text>
    `}
  `;
}

function drawBand(stage: Stage, band: Band): VNode {
  const { messages, view, extents } = stage;
  const places = inView(stage, band);
  if (places.length > MESSAGES_MAX) return countBand(stage, band, places);
  const strokes = places.map((place) => strokesOf(stage, messages[place]!, band.topPx));
  const labels: VNode[] = [];
  // The right end of the last text at each height.
  const reached = new Map<number, number>();
  const label = (x: number, y: number, text: string, name?: string) => {
    if (x < (reached.get(y) ?? -Infinity)) return;
    reached.set(y, x + (text.length + 1) * CHARACTER_PX);
    labels.push(html`<text x=${x} y=${y} class=${name}>${fit(text, view.widthPx - x)}</text>`);
  };
  for (const [i, place] of places.length > NAMED_MAX ? [] : places.entries()) {
    const { from, method, dropped } = messages[place]!;
    const x = view.pxNear(extents.starts[place]!);
    label(x, band.topPx + BAND.callersPx - 8, `${from} ${methodName(method)}`);
    const end = strokes[i]!.find(({ kind }) => kind === "cross" || kind === "ring");
    if (end === undefined || dropped === undefined) continue;
    label(end.x1 + 7, end.y1 + (end.kind === "ring" ? 13 : 4), dropped.why, "drop");
  }
  const paths = Map.groupBy(strokes.flat(), ({ kind }) => kind);
  return html`
    ${STROKES.map((kind) =>
      html`
        <path class=${`stroke ${kind}`} d=${paths.get(kind)?.map(strokePath).join("") ?? ""} />
      `
    )}
    <g aria-hidden="true">${labels}</g>
  `;
}

function countBand(
  { messages, view, extents }: Stage,
  band: Band,
  places: readonly number[],
): VNode {
  const columns = Math.ceil(view.widthPx / COLUMN_PX) + 1;
  const [sent, dropped] = [new Int32Array(columns), new Int32Array(columns)];
  for (const place of places) {
    const column = Math.floor(view.px(extents.starts[place]!) / COLUMN_PX);
    if (column < 0 || column >= columns) continue;
    sent[column]!++;
    if (messages[place]!.dropped !== undefined) dropped[column]!++;
  }
  const shape = {
    bottom: band.topPx + BAND.serverPx,
    widthPx: COLUMN_PX,
    gapPx: 1,
    heightPx: BAND.serverPx - BAND.callersPx,
    most: Math.max(...sent, 1),
  };
  const drops = dropped.reduce((sum, count) => sum + count, 0);
  const text = `${places.length.toLocaleString("en")} messages, ${drops.toLocaleString("en")} ` +
    "dropped (the lower part); zoom in to see each";
  return html`
    <path class="counted sent" d=${columnsShape(sent, shape)} />
    <path class="counted dropped" d=${columnsShape(dropped, shape)} />
    <text x="4" y=${band.topPx + BAND.callersPx - 8} aria-hidden="true">
      ${fit(text, view.widthPx - 4)}
    </text>
  `;
}

function inView({ extents: { starts, ends }, view }: Stage, band: Band): number[] {
  const from = view.from - STUB_PX * view.span / view.widthPx;
  return band.places.filter((place) => starts[place]! <= view.to && ends[place]! >= from);
}

function bandOf({ bands }: Network, place: number): Band {
  return bands.find(({ places }) => places.includes(place))!;
}

function messageAt(stage: Stage, xPx: number, yPx: number): number | undefined {
  const { bands } = stage.network;
  const band = bands.find(({ topPx }) => yPx >= topPx && yPx < topPx + BAND.heightPx);
  const places = band === undefined ? [] : inView(stage, band);
  if (places.length > MESSAGES_MAX) return undefined;
  let [nearest, distance]: [number | undefined, number] = [undefined, REACH_PX];
  for (const place of places) {
    for (const stroke of strokesOf(stage, stage.messages[place]!, band!.topPx)) {
      const apart = distanceTo(stroke, xPx, yPx);
      if (apart < distance) [nearest, distance] = [place, apart];
    }
  }
  return nearest;
}
