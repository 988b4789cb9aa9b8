/// <reference lib="dom" />
/**
 * A strip that shows a whole part: how busy it was, which operations are not placed, and
 * which stretch is in view. Dragging on it moves the view.
 *
 * @module
 */

import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import { html } from "./html.ts";
import { columnsShape } from "./shapes.ts";
import type { Stage } from "./stage.ts";

const HEIGHT_PX = 34;
const COLUMN_PX = 3;

/** The strip. */
export function Overview({ stage }: { stage: Stage }): VNode {
  const { axis, part, view } = stage;
  const { widthPx, limits: { from, to } } = view;
  const px = (at: number) => (at - from) / (to - from) * widthPx;
  const whole = useMemo(() => drawWhole(stage, px), [axis, part, widthPx]);
  const move = (event: PointerEvent) => {
    stage.center(from + event.offsetX / widthPx * (to - from));
  };
  const onPointerDown = (event: PointerEvent) => {
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    move(event);
  };
  const onPointerMove = (event: PointerEvent) => {
    if ((event.currentTarget as Element).hasPointerCapture(event.pointerId)) move(event);
  };
  return html`
    <svg width=${widthPx} height=${HEIGHT_PX} onPointerDown=${onPointerDown}
      onPointerMove=${onPointerMove}>
      <path class="busy" d=${whole.busy} />
      <path class="unplaced" d=${whole.unplaced} />
      <rect class="window" x=${px(view.from)} y="0.5" height=${HEIGHT_PX - 1}
        width=${Math.max(px(view.to) - px(view.from), 3)} />
      <path class="stuck" d=${whole.stuck} />
    </svg>
  `;
}

function drawWhole({ axis, part, layout, view }: Stage, px: (at: number) => number) {
  const columns = Math.ceil(view.widthPx / COLUMN_PX) + 1;
  const [all, unplaced] = [new Int32Array(columns), new Int32Array(columns)];
  axis.starts.forEach((start, place) => {
    const end = axis.ends[place] === Infinity ? start : axis.ends[place]!;
    const last = Math.min(columns - 1, Math.floor(px(end) / COLUMN_PX));
    for (let column = Math.floor(px(start) / COLUMN_PX); column <= last; column++) {
      all[column]!++;
      if (layout.statuses[place] !== "placed") unplaced[column]!++;
    }
  });
  const most = Math.max(...all, 1);
  const shape = { bottom: HEIGHT_PX, widthPx: COLUMN_PX, heightPx: HEIGHT_PX - 6, most };
  // A cross over a line: its shape says what its color says.
  const stuck = part.stuck === undefined
    ? ""
    : `M${px(axis.starts[part.stuck]!)} ${HEIGHT_PX}V10m-4 -8l8 8m0 -8l-8 8`;
  return { busy: columnsShape(all, shape), unplaced: columnsShape(unplaced, shape), stuck };
}
