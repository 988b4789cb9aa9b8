/// <reference lib="dom" />
/**
 * Pointer and keyboard input of the two panes.
 *
 * @module
 */

import { type Item, witnessesOf } from "./items.ts";
import { GUTTER_PX } from "./shapes.ts";
import { PANES, type Stage } from "./stage.ts";

/** A pointer that moves less than this clicks; otherwise it drags. */
const DRAG_MIN_PX = 4;
const WHEEL_ZOOM_PER_PX = 1.0025;
/** The height of a line, for wheels that report lines instead of pixels. */
const LINE_PX = 16;
/** The zoom factor of buttons and keys. */
export const ZOOM_STEP = 1.5;
const DOUBLE_CLICK_ZOOM = 3;
const PAN_STEP_SHARE = 0.2;

type Kind = Item["kind"];

/** Listens to the pointer and the keys of both panes. */
export function listen(stage: Stage): void {
  for (const kind of ["operation", "message"] as const) {
    const box = stage.boxes[kind];
    const xIn = (event: MouseEvent) => {
      return event.clientX - box.getBoundingClientRect().left - GUTTER_PX;
    };
    listenToDrag(stage, box, (event) => {
      const top = box.lastElementChild!.getBoundingClientRect().top;
      const x = xIn(event);
      const place = x < 0 ? undefined : PANES[kind].pick(stage, x, event.clientY - top);
      return place === undefined ? undefined : { kind, place };
    });
    box.addEventListener("pointerleave", () => stage.hover(undefined));
    box.addEventListener("focusout", () => stage.hover(undefined));
    box.addEventListener("dblclick", (event) => stage.zoom(DOUBLE_CLICK_ZOOM, xIn(event)));
    box.addEventListener("wheel", (event) => onWheel(stage, event, xIn(event)), { passive: false });
    box.addEventListener("keydown", (event) => {
      if (onKey(stage, kind, event)) event.preventDefault();
    });
  }
}

function listenToDrag(
  stage: Stage,
  box: HTMLElement,
  pick: (event: MouseEvent) => Item | undefined,
): void {
  let start: { x: number; last: number; isDrag: boolean } | undefined;
  box.addEventListener("pointerdown", (event) => {
    if (event.button === 0) start = { x: event.clientX, last: event.clientX, isDrag: false };
  });
  box.addEventListener("pointermove", (event) => {
    if (start === undefined) return stage.hover(pick(event), event.clientX, event.clientY);
    if (!start.isDrag && Math.abs(event.clientX - start.x) < DRAG_MIN_PX) return;
    if (!start.isDrag) {
      start.isDrag = true;
      box.setPointerCapture(event.pointerId);
      stage.hover(undefined);
    }
    stage.pan(start.last - event.clientX);
    start.last = event.clientX;
  });
  box.addEventListener("pointercancel", () => start = undefined);
  box.addEventListener("pointerup", (event) => {
    const isClick = start?.isDrag === false;
    start = undefined;
    const item = isClick ? pick(event) : undefined;
    if (item !== undefined) stage.togglePin(item);
  });
}

function onWheel(stage: Stage, event: WheelEvent, xPx: number): void {
  const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_PX : 1;
  if (event.ctrlKey || event.metaKey || event.altKey) {
    event.preventDefault();
    return stage.zoom(WHEEL_ZOOM_PER_PX ** (-event.deltaY * unit), xPx);
  }
  const byPx = event.shiftKey ? event.deltaX || event.deltaY : event.deltaX;
  if (Math.abs(byPx) <= Math.abs(event.deltaY) && !event.shiftKey) return;
  event.preventDefault();
  stage.pan(byPx * unit);
}

/** @returns True if the key has a meaning here. */
function onKey(stage: Stage, kind: Kind, event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const place = stage.active[kind];
  const panPx = stage.view.widthPx * PAN_STEP_SHARE;
  const acts: Record<string, () => void> = {
    "+": () => stage.zoom(ZOOM_STEP, focusPx(stage, kind)),
    "=": () => stage.zoom(ZOOM_STEP, focusPx(stage, kind)),
    "-": () => stage.zoom(1 / ZOOM_STEP, focusPx(stage, kind)),
    "0": () => stage.fit(),
    Escape: () => {
      stage.hover(undefined);
      stage.pin(undefined);
    },
    Enter: () => place !== undefined && stage.togglePin({ kind, place }),
    ...event.shiftKey && {
      ArrowLeft: () => stage.pan(-panPx),
      ArrowRight: () => stage.pan(panPx),
    },
  };
  const act = acts[event.key === " " ? "Enter" : event.key];
  if (act !== undefined) {
    act();
    return true;
  }
  const next = nextPlace(stage, kind, event.key);
  if (next !== undefined) stage.focus({ kind, place: next });
  return next !== undefined || event.key.startsWith("Arrow");
}

/** Returns the position of the focused item, if it is in view; zooming keeps it there. */
function focusPx(stage: Stage, kind: Kind): number | undefined {
  const { view, active } = stage;
  const px = view.px(PANES[kind].extents(stage).starts[active[kind] ?? -1] ?? NaN);
  return px >= 0 && px <= view.widthPx ? px : undefined;
}

/** Returns the item that a key moves the focus to. */
function nextPlace(stage: Stage, kind: Kind, key: string): number | undefined {
  const { layout, part } = stage;
  const place = stage.active[kind];
  if (place === undefined) return undefined;
  const { starts } = PANES[kind].extents(stage);
  const rows = PANES[kind].rows(stage);
  const row = rows.findIndex((places) => places.includes(place));
  const own = rows[row]!;
  const nearestIn = (other: readonly number[] | undefined) => {
    const distance = (one: number) => Math.abs(starts[one]! - starts[place]!);
    return other?.reduce((best, next) => distance(next) < distance(best) ? next : best);
  };
  switch (key) {
    case "ArrowRight":
      return own[own.indexOf(place) + 1];
    case "ArrowLeft":
      return own[own.indexOf(place) - 1];
    case "ArrowDown":
      return nearestIn(rows[row + 1]);
    case "ArrowUp":
      return nearestIn(rows[row - 1]);
    case "Home":
      return own[0];
    case "End":
      return own.at(-1);
  }
  if (kind === "message") return undefined;
  const number = layout.numbers[place]!;
  if (key === "w") return nextInCycle(witnessesOf(part), place);
  if (number === 0 || (key !== "n" && key !== "p")) return undefined;
  return part.order[number - (key === "n" ? 0 : 2)];
}

/** Returns the value after the given one; the first value comes after the last. */
export function nextInCycle(values: readonly number[], value: number): number | undefined {
  return values[(values.indexOf(value) + 1) % values.length];
}
