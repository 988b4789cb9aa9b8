/// <reference lib="dom" />
/**
 * The sequence diagram of the whole run: a row for each event, a line between past and future, and
 * marks at the rows that show the failure. Only the rows in view are drawn, so that a run of any
 * length scrolls.
 *
 * @module
 */

import type { VNode } from "preact";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { fitEnds } from "../../../visualizer/browser/shapes.ts";
import {
  HEADING,
  labelShape,
  MARGIN_PX,
  ROW,
  TIME_PX,
} from "../../../visualizer/sequence_shapes.ts";
import { html } from "../../../visualizer/browser/html.ts";
import {
  type Columns,
  columnsFor,
  drawMark,
  drawTime,
  type Mark,
  marksIn,
  namesNear,
} from "./marks.ts";

/** The scale of the drawing, which makes it readable for a class. */
const SCALE = 1.15;
const ROW_PX = SCALE * ROW.heightPx;

/** The number of rows that are drawn above and below the view. */
const OVERSCAN_ROWS = 6;
/** The positions of the line of now, as shares of the pane: the limits, and the places to which it
 * scrolls from above and from below. */
const NOW_SHARES = { min: 0.15, max: 0.9, fromAbove: 0.35, fromBelow: 0.8 };

/** The properties of {@linkcode Diagram}. */
export interface DiagramProps {
  /** The names of the lifelines, from left to right. */
  readonly names: readonly string[];
  /** The time of each row, in milliseconds. */
  readonly times: readonly number[];
  readonly marks: readonly Mark[];
  /** The number of events that have happened. */
  readonly position: number;
  /** The rows that show the failure. */
  readonly failedRows: readonly number[];
  /** Called with the position that the reader chose. */
  readonly onGo: (position: number) => void;
}

interface Pane {
  readonly topPx: number;
  readonly heightPx: number;
  readonly widthPx: number;
}

/** The diagram. */
export function Diagram(
  { names, times, marks, position, failedRows, onGo }: DiagramProps,
): VNode {
  const box = useRef<HTMLDivElement>(null);
  const [pane, setPane] = useState<Pane>({ topPx: 0, heightPx: 400, widthPx: 800 });
  useLayoutEffect(() => {
    const measure = () => {
      const { scrollTop, clientHeight, clientWidth } = box.current!;
      setPane({ topPx: scrollTop, heightPx: clientHeight, widthPx: clientWidth });
    };
    const observer = new ResizeObserver(measure);
    observer.observe(box.current!);
    box.current!.addEventListener("scroll", measure, { passive: true });
    measure();
    return () => observer.disconnect();
  }, []);
  useLayoutEffect(() => bringIntoView(box.current!, position), [position, pane.heightPx]);
  const topRow = Math.floor(pane.topPx / ROW_PX);
  const shown = namesNear(names, marks, topRow).join(",");
  const columns = useMemo(
    () => columnsFor(shown.split(","), pane.widthPx / SCALE),
    [shown, pane.widthPx],
  );
  const heightPx = times.length * ROW.heightPx + 2 * MARGIN_PX;
  const rowAt = (event: MouseEvent) => {
    const top = (event.currentTarget as Element).getBoundingClientRect().top;
    return Math.floor((event.clientY - top) / ROW_PX);
  };
  return html`
    <div class="sequence" id="diagram" ref=${box} tabindex="0" role="group"
      aria-label="Sequence diagram">
      <svg class="headings" ...${sizeOf(columns.widthPx, HEADING.heightPx)} aria-hidden="true"
        dangerouslySetInnerHTML=${{ __html: headings(columns) }} />
      <svg class="rows" ...${sizeOf(columns.widthPx, heightPx)} role="img"
        aria-label=${`Sequence diagram of ${
          names.join(", ")
        }: event ${position} of ${times.length}`}
        onClick=${(event: MouseEvent) => onGo(Math.min(rowAt(event) + 1, times.length))}>
        ${backRows(position, failedRows, columns.widthPx)}
        <path class="lifelines" d=${lifelines(columns, heightPx)} />
        <${Rows} columns=${columns} times=${times} marks=${marks}
          from=${topRow - OVERSCAN_ROWS}
          to=${Math.ceil((pane.topPx + pane.heightPx) / ROW_PX) + OVERSCAN_ROWS} />
        <rect class="future" x="0" y=${position * ROW.heightPx} width=${columns.widthPx}
          height=${Math.max(heightPx - position * ROW.heightPx, 0)} />
        <path class="now" d=${`M0 ${position * ROW.heightPx}H${columns.widthPx}`} />
      </svg>
    </div>
  `;
}

function sizeOf(widthPx: number, heightPx: number) {
  const [width, height] = [SCALE * widthPx, SCALE * heightPx];
  return { width, height, viewBox: `0 0 ${widthPx} ${heightPx}` };
}

interface RowsProps extends Pick<DiagramProps, "times" | "marks"> {
  readonly columns: Columns;
  readonly from: number;
  readonly to: number;
}

/** The rows in view. */
function Rows({ columns, times, marks, from, to }: RowsProps): VNode {
  const text = useMemo(() => {
    const first = Math.max(from, 0);
    const shown = times.slice(first, to).map((atMs, i) => drawTime(first + i, atMs));
    const drawn = marksIn(marks, first, to).map((mark) => drawMark(mark, columns));
    return shown.join("") + drawn.join("");
  }, [columns, times, marks, from, to]);
  return html`<g dangerouslySetInnerHTML=${{ __html: text }} />`;
}

/** Returns the backgrounds of the last row, and of the rows that show the failure. */
function backRows(position: number, failedRows: readonly number[], widthPx: number): VNode[] {
  const back = (row: number, name: string) =>
    html`
      <rect class=${name} x="0" y=${row * ROW.heightPx} width=${widthPx}
        height=${ROW.heightPx} />
    `;
  const failed = failedRows.map((row) =>
    html`<g key=${row}>${back(row, "failed")}
      <text class="failed-mark" x="4" y=${row * ROW.heightPx + ROW.baselinePx}>✗</text></g>`
  );
  return position === 0 ? failed : [back(position - 1, "current"), ...failed];
}

function headings({ places, columnPx }: Columns): string {
  const names = Array.from(places, ([name, x]) => {
    return labelShape("middle", x, HEADING.baselinePx, fitEnds(name, columnPx - MARGIN_PX));
  });
  return labelShape("end", TIME_PX, HEADING.baselinePx, "ms") + names.join("");
}

function lifelines({ places }: Columns, heightPx: number): string {
  return Array.from(places.values(), (x) => `M${x} 0V${heightPx}`).join("");
}

/** Scrolls if the line of now is out of view. */
function bringIntoView(box: HTMLElement, position: number): void {
  const nowPx = SCALE * HEADING.heightPx + position * ROW_PX;
  const share = (nowPx - box.scrollTop) / box.clientHeight;
  const { min, max, fromAbove, fromBelow } = NOW_SHARES;
  if (share >= min && share <= max) return;
  box.scrollTop = nowPx - (share < min ? fromAbove : fromBelow) * box.clientHeight;
}
