/// <reference lib="dom" />
/**
 * The stage: the state of the page, and every way to change it. Drawing waits for the next
 * animation frame, so that any number of changes cost one drawing.
 *
 * @module
 */

import type { PageContent, PageFault, PageMessage, PagePart } from "../content.ts";
import { type Axis, type AxisKind, type Extents, hasTimes, orderAxis, timeAxis } from "./axis.ts";
import { isSame, type Item, messageExtents, messagesOf } from "./items.ts";
import { LANES } from "./lanes.ts";
import { type Layout, layOut, pointsOf } from "./layout.ts";
import { MESSAGES, type Network, networkOf } from "./network.ts";
import { GUTTER_PX, ROW_PX } from "./shapes.ts";
import { View } from "./view.ts";

/** The height above and below the view that is drawn too, so that scrolling shows no gaps. */
const OVERSCAN_PX = 3 * ROW_PX;
/** The shortest stretch of each axis that can be shown. */
const SPAN_MIN: Record<AxisKind, number> = { time: 0.01, order: 2 };
/** The width of the view after a jump to an operation, in widths of the operation. */
const FRAME = 4;
/** The greatest distance of the tooltip from the beginning of a focused item. */
const TIP_PX_MAX = 100;

/** One of the two panes, and the positions of its items. */
export interface Pane {
  /** The height of the axis that covers its top, and of each row. */
  readonly headPx: number;
  readonly rowPx: number;
  rows(stage: Stage): readonly (readonly number[])[];
  extents(stage: Stage): Extents;
  /** Returns the top of the row of an item. */
  topOf(stage: Stage, place: number): number;
  /** Returns the index of the item at a point of the drawing. */
  pick(stage: Stage, xPx: number, yPx: number): number | undefined;
}

/** The two panes. */
export const PANES: Readonly<Record<Item["kind"], Pane>> = { operation: LANES, message: MESSAGES };

/** The stage. */
export class Stage {
  readonly isTold: boolean;
  /** The scrolling elements of the panes. */
  readonly boxes: Readonly<Record<Item["kind"], HTMLElement>>;
  readonly messages: readonly PageMessage[];
  readonly faults: readonly PageFault[];
  /** Runs of the lab, which have messages, call a client a clerk. */
  readonly caller: "Clerk" | "Client";
  readonly network: Network;
  readonly view: View = new View();
  part!: PagePart;
  layout!: Layout;
  axis!: Axis;
  /** The positions of the linearization points. */
  points!: Float64Array;
  /** The beginning and end of each message on the axis. */
  extents!: Extents;
  /** The item at the pointer, and the position of the pointer in the window. */
  hovered: Item | undefined;
  pointer = { xPx: 0, yPx: 0 };
  /** The pinned item, and its messages if it is an operation. */
  pinned: Item | undefined;
  own: readonly number[] = [];
  /** The item of each pane that has the focus or gets it next. */
  active: Record<Item["kind"], number | undefined> = { operation: undefined, message: undefined };
  /** The part of the lanes that is drawn. */
  drawn = { topPx: 0, bottomPx: 0 };
  readonly #redraw: (only?: "pointed") => void;
  #kind: AxisKind = "time";
  #isScheduled = false;

  /** @param isTold True if a story says what went wrong.
   * @param redraw Draws the page, or only the tooltip. */
  constructor(
    { messages = [], faults = [] }: PageContent,
    isTold: boolean,
    boxes: Stage["boxes"],
    redraw: (only?: "pointed") => void,
  ) {
    this.isTold = isTold;
    this.boxes = boxes;
    this.#redraw = redraw;
    this.messages = messages;
    this.faults = faults;
    this.caller = messages.length > 0 ? "Clerk" : "Client";
    this.network = networkOf(this);
  }

  /** Returns true if there is a choice of axes. */
  get hasTimes(): boolean {
    return this.axis.place !== undefined;
  }

  /** Shows another part. */
  showPart(part: PagePart): void {
    this.part = part;
    this.layout = layOut(part);
    this.hovered = undefined;
    const suspect = part.stuck ?? part.reason?.operations[0];
    this.active = {
      operation: suspect ?? (part.operations.length > 0 ? 0 : undefined),
      message: this.messages.length > 0 ? 0 : undefined,
    };
    [this.pinned, this.own] = [undefined, []];
    this.#setAxis();
    this.boxes.operation.scrollTop = 0;
  }

  /** Shows the other axis. The calls and returns in view stay in view. */
  changeAxis(): void {
    const { view: { from, to }, axis } = this;
    const isIn = (at: number) => at >= from && at <= to;
    this.#kind = axis.kind === "time" ? "order" : "time";
    this.#setAxis();
    const { starts, ends } = this.axis;
    const events = [
      ...starts.filter((_, i) => isIn(axis.starts[i]!)),
      ...ends.filter((_, i) => isIn(axis.ends[i]!)),
    ].sort((a, b) => a - b);
    const isWhole = from <= axis.from && to >= axis.to;
    if (!isWhole && events.length > 0) this.view.showWithMargin(events[0]!, events.at(-1)!);
  }

  #setAxis(): void {
    const { part: { operations, order }, messages, faults } = this;
    const isTimed = hasTimes(operations);
    this.axis = isTimed && this.#kind === "time" ? timeAxis(operations) : orderAxis(operations);
    const { place, kind } = this.axis;
    this.extents = messageExtents(messages, this.axis);
    this.points = pointsOf(order, this.axis);
    let { from, to } = this.axis;
    const reach = (at: number) => [from, to] = [Math.min(from, at), Math.max(to, at)];
    if (place !== undefined) {
      this.extents.starts.forEach(reach);
      this.extents.ends.forEach(reach);
      for (const { atMs } of faults) reach(place(atMs));
    }
    this.view.limit(from, to, SPAN_MIN[kind]);
    this.boxes.message.hidden = !isTimed || messages.length + faults.length === 0;
    this.fit();
  }

  /** Shows all operations of the part. */
  fit(): void {
    this.view.showWithMargin(this.axis.from, this.axis.to);
    this.draw();
  }

  zoom(factor: number, aroundPx?: number): void {
    this.view.zoom(factor, aroundPx);
    this.draw();
  }

  pan(byPx: number): void {
    this.view.pan(byPx);
    this.draw();
  }

  /** Centers the view on a position of the axis. */
  center(at: number): void {
    this.view.center(at);
    this.draw();
  }

  #extentOf({ kind, place }: Item): { from: number; to: number } {
    const { starts, ends } = PANES[kind].extents(this);
    const from = starts[place]!;
    const { to } = this.axis;
    return { from, to: ends[place] === Infinity ? Math.max(to, from) : ends[place]! };
  }

  /** Zooms in on an operation and pins it. */
  show(place: number): void {
    const item: Item = { kind: "operation", place };
    const { from, to } = this.#extentOf(item);
    this.view.center((from + to) / 2, FRAME * Math.max(to - from, SPAN_MIN[this.axis.kind]));
    this.focus(item);
    this.hover(undefined);
    this.pin(item);
  }

  /** Moves just far enough to show an item. */
  #reveal(item: Item): void {
    const { view } = this;
    const { from, to } = this.#extentOf(item);
    const isIn = view.px(to) > 0 && view.px(from) < view.widthPx &&
      (view.px(from) >= 0 || view.px(to) <= view.widthPx);
    if (!isIn) view.center((from + to) / 2);
    const [box, { headPx, rowPx, topOf }] = [this.boxes[item.kind], PANES[item.kind]];
    const topPx = topOf(this, item.place);
    const lowestPx = topPx + rowPx - (box.clientHeight - headPx);
    box.scrollTop = Math.min(Math.max(box.scrollTop, lowestPx), topPx);
  }

  /** Moves the pointer to an item, or to none. */
  hover(item: Item | undefined, xPx = 0, yPx = 0): void {
    this.pointer = { xPx, yPx };
    if (isSame(item, this.hovered)) return this.#redraw("pointed");
    this.hovered = item;
    this.draw();
  }

  /** Keeps the details of an item on the page. */
  pin(item: Item | undefined): void {
    this.pinned = item;
    this.own = item?.kind === "operation"
      ? messagesOf(this.part.operations[item.place]!, this.messages)
      : [];
    this.drawNow();
  }

  /** Pins an item, or unpins it. */
  togglePin(item: Item): void {
    this.active[item.kind] = item.place;
    this.pin(isSame(this.pinned, item) ? undefined : item);
  }

  /** Focuses an item. */
  focus(item: Item): void {
    this.active[item.kind] = item.place;
    this.#reveal(item);
    this.drawNow();
    const element = this.boxes[item.kind].querySelector<SVGElement>("[tabindex='0']")!;
    element.focus({ preventScroll: true });
    const { left, width, bottom } = element.getBoundingClientRect();
    this.hover(item, Math.max(left, 0) + Math.min(width / 2, TIP_PX_MAX), bottom);
  }

  /** Draws with the next animation frame. */
  draw(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    requestAnimationFrame(() => {
      if (this.#isScheduled) this.drawNow();
    });
  }

  /** Draws immediately.
   *
   * @param isWhole True to draw all rows, including those out of view. */
  drawNow(isWhole = false): void {
    this.#isScheduled = false;
    const { scrollTop, clientHeight, clientWidth } = this.boxes.operation;
    this.view.widthPx = Math.max(clientWidth - GUTTER_PX, 50);
    this.drawn = isWhole
      ? { topPx: 0, bottomPx: Infinity }
      : { topPx: scrollTop - OVERSCAN_PX, bottomPx: scrollTop + clientHeight + OVERSCAN_PX };
    const focused = document.activeElement as HTMLElement | null;
    this.#redraw();
    // An element that is moved in the document loses the focus.
    if (focused?.isConnected && focused !== document.activeElement) {
      focused.focus({ preventScroll: true });
    }
  }
}
