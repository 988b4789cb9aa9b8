/// <reference lib="dom" />
/**
 * The lanes: a bar per operation with its call and its result, and the linearization
 * points, numbered and connected in their order.
 *
 * Only what is in view is drawn. Bars that are too narrow for text share one outline per
 * status. A bar with text, or one that the reader points at, is an element that can have
 * the focus and a label.
 *
 * @module
 */

import type { VNode } from "preact";
import { firstWhere } from "./axis.ts";
import { endText, operationLabel } from "./details.ts";
import { html } from "./html.ts";
import type { Status } from "./layout.ts";
import {
  BAR,
  barShape,
  CHARACTER_PX,
  fit,
  fitEnds,
  GUTTER_PX,
  pill,
  round,
  ROW_PX,
} from "./shapes.ts";
import type { Pane, Stage } from "./stage.ts";
import { ticks } from "./view.ts";

/** Bars at least this wide have text. */
const TEXT_WIDTH_MIN_PX = 28;
const TEXT_MARGIN_PX = 6;
const DIGIT_PX = 6;
const TICKS_APART_PX = 110;

/** If more points are in view, none is drawn. */
const POINTS_MAX = 3_000;
/** If more points are in view, they are not connected. */
const CONNECTED_MAX = 400;

/** The greatest distance at which the pointer still reaches a bar. */
const REACH_PX = 4;

/** The symbols before a call: status never shows by color alone. */
const MARKS: Record<Status, string> = { placed: "", unplaced: "◌ ", stuck: "✗ " };

/** The pane of the lanes. */
export const LANES: Pane = {
  headPx: 26,
  rowPx: ROW_PX,
  rows: ({ layout }) => layout.rows,
  extents: ({ axis }) => axis,
  topOf: ({ layout }, place) => layout.rowOf[place]! * ROW_PX,
  pick: operationAt,
};

/** The axis and the lanes. */
export function Lanes({ stage }: { stage: Stage }): VNode {
  const { layout, view, caller, drawn: { topPx, bottomPx } } = stage;
  const heightPx = layout.rows.length * ROW_PX;
  const first = Math.max(0, Math.floor(topPx / ROW_PX));
  const last = Math.min(layout.rows.length, Math.ceil(bottomPx / ROW_PX));
  const lanes = layout.lanes.filter(({ row, rows }) => row + rows.length > first && row < last);
  const lines = lanes.map(({ row, rows }) => {
    return `M0 ${(row + rows.length) * ROW_PX - 0.5}H${GUTTER_PX + view.widthPx}`;
  });
  const { bars, outlines } = barsIn(stage, first, last);
  return html`
    <svg id="axis" aria-hidden="true">
      <${Ticks} stage=${stage} />
    </svg>
    <svg id="lanes" height=${heightPx}>
      <path class="lane-lines" d=${lines.join("")} />
      <svg class="plot" x=${GUTTER_PX} width=${view.widthPx} height=${heightPx}>
        ${Object.entries(outlines).map(([status, d]) =>
          html`<path class=${`narrow ${status}`} d=${d} />`
        )}
        <g>${bars.map((place) => html`<${Bar} key=${place} stage=${stage} place=${place} />`)}</g>
        <${Points} stage=${stage} first=${first} last=${last} />
      </svg>
      <g class="names">${lanes.map(({ client, row }) =>
        html`<text x="10" y=${row * ROW_PX + 25}>${caller.toLowerCase()} ${client}</text>`
      )}</g>
    </svg>
  `;
}

function Ticks({ stage: { view, axis } }: { stage: Stage }): VNode {
  const { step, at } = ticks(view, TICKS_APART_PX, axis.kind === "order" ? 1 : 0);
  return html`
    <svg class="plot" x=${GUTTER_PX} width=${view.widthPx} height="100%">
      ${at.map((place) => {
        const label = axis.label(place, step);
        if (label === "") return undefined;
        const x = Math.round(view.px(place)) + 0.5;
        const half = label.length * CHARACTER_PX / 2;
        const middle = Math.max(half, Math.min(x, view.widthPx - half));
        return html`
          <path d=${`M${x} 18v8`} />
          <text x=${middle} y="14">${label}</text>
        `;
      })}
    </svg>
  `;
}

/** Returns the bars in view that are elements, and the outlines of the others. Narrow bars
 * that touch share one outline. */
function barsIn(stage: Stage, first: number, last: number) {
  const { layout, view, axis } = stage;
  const outlines: Record<Status, string> = { unplaced: "", placed: "", stuck: "" };
  const pointed = pointedOperations(stage);
  const bars = new Set<number>();
  for (let row = first; row < last; row++) {
    let narrow: { status: Status; left: number; right: number } | undefined;
    const end = () => {
      if (narrow === undefined) return;
      outlines[narrow.status] += `M${round(narrow.left)} ${row * ROW_PX + BAR.topPx}` +
        `H${round(narrow.right)}v${BAR.bottomPx - BAR.topPx}H${round(narrow.left)}z`;
    };
    const places = layout.rows[row]!;
    let i = firstWhere(places.length, (i) => axis.ends[places[i]!]! >= view.from);
    for (; i < places.length && axis.starts[places[i]!]! <= view.to; i++) {
      const place = places[i]!;
      const left = view.pxNear(axis.starts[place]!);
      const right = view.pxNear(axis.ends[place]!);
      if (right - left >= TEXT_WIDTH_MIN_PX || pointed.has(place)) {
        bars.add(place);
        continue;
      }
      const [status, edge] = [layout.statuses[place]!, Math.max(right, left + 1)];
      if (narrow?.status === status && left <= narrow.right + 0.5) {
        narrow.right = Math.max(narrow.right, edge);
      } else {
        end();
        narrow = { status, left, right: edge };
      }
    }
    end();
  }
  // A focused element must stay in the document while it is out of view.
  if (stage.active.operation !== undefined) bars.add(stage.active.operation);
  return { bars: [...bars].sort((a, b) => a - b), outlines };
}

/** Returns the operations that are elements no matter how narrow they are. */
function pointedOperations({ hovered, pinned, part, layout }: Stage): Set<number> {
  const pointed = new Set(layout.named);
  if (part.stuck !== undefined) pointed.add(part.stuck);
  for (const item of [hovered, pinned]) if (item?.kind === "operation") pointed.add(item.place);
  return pointed;
}

function Bar({ stage, place }: { stage: Stage; place: number }): VNode {
  const { layout, view, axis, part, hovered, pinned, active } = stage;
  const status = layout.statuses[place]!;
  const isNamed = layout.named.has(place);
  const isAt = (item: Stage["pinned"]) => item?.kind === "operation" && item.place === place;
  const top = layout.rowOf[place]! * ROW_PX;
  const left = view.pxNear(axis.starts[place]!);
  const right = Math.max(view.pxNear(axis.ends[place]!), left + 3);
  const start = Math.max(left, 0) + TEXT_MARGIN_PX;
  const room = Math.min(right, view.widthPx) - start - TEXT_MARGIN_PX / 2;
  const operation = part.operations[place]!;
  const { text, result } = operation;
  const outcome = result === undefined
    ? fit(endText(operation), room)
    : fitEnds(`→ ${result}`, room);
  const classes = [
    `operation ${status}`,
    isNamed && "named",
    isAt(hovered) && "hovered",
    isAt(pinned) && "pinned",
  ];
  return html`
    <g class=${classes.filter(Boolean).join(" ")} role="button" data-operation=${place}
      tabindex=${active.operation === place ? 0 : -1} aria-pressed=${String(isAt(pinned))}
      aria-label=${operationLabel(stage, place)}>
      <path d=${barShape(left, right, top, operation.return === undefined)} />
      <text class="call" aria-hidden="true" x=${start} y=${top + BAR.callPx}>
        ${fit(MARKS[status] + (isNamed ? "! " : "") + text, room)}
      </text>
      <text class="result" aria-hidden="true" x=${start} y=${top + BAR.resultPx}>
        ${outcome}
      </text>
    </g>
  `;
}

function Points(
  { stage, first, last }: { stage: Stage; first: number; last: number },
): VNode {
  const { part, points, view, layout } = stage;
  const start = Math.max(0, firstWhere(points.length, (k) => points[k]! >= view.from) - 1);
  const end = Math.min(points.length, firstWhere(points.length, (k) => points[k]! > view.to) + 1);
  const isCrowded = end - start > POINTS_MAX;
  let [line, dots, pills] = ["", "", ""];
  const numbers: VNode[] = [];
  const reached = new Map<number, number>();
  for (let k = start; k < end && !isCrowded; k++) {
    const row = layout.rowOf[part.order[k]!]!;
    const x = round(view.pxNear(points[k]!));
    const y = row * ROW_PX + BAR.pointPx;
    line += `${line === "" ? "M" : "L"}${x} ${y}`;
    if (row < first || row >= last) continue;
    const number = String(k + 1);
    const half = number.length * DIGIT_PX / 2 + 4;
    if (x - half < (reached.get(row) ?? -Infinity)) {
      dots += `M${x} ${y}h0`;
      continue;
    }
    reached.set(row, x + half);
    pills += pill(x, y, half);
    numbers.push(html`<text x=${x} y=${y + 4}>${number}</text>`);
  }
  return html`
    <path class="order" d=${end - start > CONNECTED_MAX ? "" : line} />
    <path class="dots" d=${dots} />
    <path class="pills" d=${pills} />
    <g class="numbers" aria-hidden="true">${numbers}</g>
  `;
}

function operationAt(
  { layout, view, axis }: Stage,
  xPx: number,
  yPx: number,
): number | undefined {
  const row = layout.rows[Math.floor(yPx / ROW_PX)] ?? [];
  const [from, to] = [view.at(xPx - REACH_PX), view.at(xPx + REACH_PX)];
  const at = view.at(xPx);
  const first = firstWhere(row.length, (i) => axis.ends[row[i]!]! >= from);
  const end = firstWhere(row.length, (i) => axis.starts[row[i]!]! > to);
  const distance = (place: number) => Math.max(axis.starts[place]! - at, at - axis.ends[place]!, 0);
  return row.slice(first, end).sort((a, b) => distance(a) - distance(b))[0];
}
