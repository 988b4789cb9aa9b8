/// <reference lib="dom" />
/**
 * The pointer and the keys on the two panes.
 *
 * @module
 */

import { byId } from "./dom.ts";
import { GUTTER_PX, isSame, type Item, witnessesOf } from "./scene.ts";
import type { Stage } from "./stage.ts";

/** A pointer that moved less than this has clicked, not dragged. */
const DRAG_MIN_PX = 4;
const WHEEL_ZOOM_PER_PX = 1.0025;
/** A wheel that counts in lines instead of pixels. */
const LINE_PX = 16;
const ZOOM_STEP = 1.5;
const DOUBLE_CLICK_ZOOM = 3;
const PAN_STEP_SHARE = 0.2;

/** Something in a pane. */
type Kind = Item["kind"];

/** Listens to pointer and keys on both panes. */
export function listen(stage: Stage): void {
  listenToPane(stage, "operation", byId("operations-pane"), byId("lanes"));
  listenToPane(stage, "message", byId("network-pane"), byId("messages"));
}

function listenToPane(stage: Stage, kind: Kind, box: HTMLElement, drawing: Element): void {
  const pick = (event: MouseEvent): Item | undefined => {
    const { left, top } = drawing.getBoundingClientRect();
    const [x, y] = [event.clientX - left - GUTTER_PX, event.clientY - top];
    if (x < 0) return undefined;
    const place = kind === "operation"
      ? stage.operations.pick(stage.scene, x, y)
      : stage.network.pick(stage.scene, x, y);
    return place === undefined ? undefined : itemOf(stage, kind, place);
  };
  listenToDrag(stage, box, pick);
  box.addEventListener("pointerleave", () => stage.hover(undefined));
  box.addEventListener("dblclick", (event) => {
    stage.zoom(DOUBLE_CLICK_ZOOM, event.clientX - box.getBoundingClientRect().left - GUTTER_PX);
  });
  box.addEventListener("wheel", (event) => onWheel(stage, box, event), { passive: false });
  box.addEventListener("keydown", (event) => {
    if (onKey(stage, kind, event)) event.preventDefault();
  });
  box.addEventListener("focusout", () => stage.hover(undefined));
}

/** The item that is already known at a place, so that it is the same object. */
function itemOf({ scene }: Stage, kind: Kind, place: number): Item {
  const item: Item = { kind, place };
  return isSame(scene.hovered, item) ? scene.hovered! : item;
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
    const isClick = start !== undefined && !start.isDrag;
    start = undefined;
    if (!isClick) return;
    const item = pick(event);
    if (item === undefined) return;
    stage.scene.active[item.kind] = item.place;
    stage.pin(isSame(stage.scene.pinned, item) ? undefined : item);
  });
}

function onWheel(stage: Stage, box: HTMLElement, event: WheelEvent): void {
  const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_PX : 1;
  if (event.ctrlKey || event.metaKey || event.altKey) {
    event.preventDefault();
    const x = event.clientX - box.getBoundingClientRect().left - GUTTER_PX;
    return stage.zoom(WHEEL_ZOOM_PER_PX ** (-event.deltaY * unit), x);
  }
  const byPx = event.shiftKey ? event.deltaX || event.deltaY : event.deltaX;
  if (Math.abs(byPx) <= Math.abs(event.deltaY) && !event.shiftKey) return;
  event.preventDefault();
  stage.pan(byPx * unit);
}

/** @returns True if the key means something here. */
function onKey(stage: Stage, kind: Kind, event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const { scene } = stage;
  const panPx = scene.view.widthPx * PAN_STEP_SHARE;
  if (event.shiftKey && event.key === "ArrowLeft") return did(stage.pan(-panPx));
  if (event.shiftKey && event.key === "ArrowRight") return did(stage.pan(panPx));
  switch (event.key) {
    case "+":
    case "=":
      return did(stage.zoom(ZOOM_STEP, focusPx(stage, kind)));
    case "-":
      return did(stage.zoom(1 / ZOOM_STEP, focusPx(stage, kind)));
    case "0":
      return did(stage.fit());
    case "Escape":
      stage.hover(undefined);
      return did(stage.pin(undefined));
    case "Enter":
    case " ":
      return did(pinActive(stage, kind));
    default: {
      const place = nextPlace(stage, kind, event.key);
      if (place !== undefined) stage.focus({ kind, place });
      return place !== undefined || event.key.startsWith("Arrow");
    }
  }
}

function did(_: void): true {
  return true;
}

function pinActive(stage: Stage, kind: Kind): void {
  const place = stage.scene.active[kind];
  if (place === undefined) return;
  const item: Item = { kind, place };
  stage.pin(isSame(stage.scene.pinned, item) ? undefined : item);
}

/** Returns the place in the view of what has the keyboard; zooming keeps it there. */
function focusPx({ scene }: Stage, kind: Kind): number | undefined {
  const place = scene.active[kind];
  if (place === undefined) return undefined;
  const px = scene.view.px(startOf(scene, kind, place));
  return px >= 0 && px <= scene.view.widthPx ? px : undefined;
}

function startOf(scene: Stage["scene"], kind: Kind, place: number): number {
  return kind === "operation" ? scene.axis.starts[place]! : scene.extents.starts[place]!;
}

/** Returns the item to which a key leads from the one that has the keyboard. */
function nextPlace(stage: Stage, kind: Kind, key: string): number | undefined {
  const { scene } = stage;
  const place = scene.active[kind];
  if (place === undefined) return undefined;
  const rows = kind === "operation" ? scene.layout.rows : stage.network.rows;
  const row = rows.findIndex((places) => places.includes(place));
  const own = rows[row]!;
  const nearestIn = (other: readonly number[] | undefined) => {
    const at = startOf(scene, kind, place);
    const distance = (place: number) => Math.abs(startOf(scene, kind, place) - at);
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
    case "w": {
      const witnesses = kind === "message" ? [] : witnessesOf(scene.part);
      return witnesses[(witnesses.indexOf(place) + 1) % witnesses.length];
    }
    case "n":
    case "p":
      if (kind === "message" || scene.layout.numbers[place] === 0) return undefined;
      return scene.part.order[scene.layout.numbers[place]! - (key === "n" ? 0 : 2)];
    default:
      return undefined;
  }
}
