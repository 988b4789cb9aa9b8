/// <reference lib="dom" />
/**
 * The stage: what is shown of one part, and every way to change that. Drawing waits
 * for the next frame of the browser, so that any number of changes cost one.
 *
 * @module
 */

import { type Axis, type AxisKind, hasTimes, mapAxis, orderAxis, timeAxis } from "./axis.ts";
import type { Part } from "./data.ts";
import { byId, Pool, set, svg } from "./dom.ts";
import { layOut, pointsOf } from "./layout.ts";
import { NetworkPane } from "./network.ts";
import { OperationsPane } from "./operations.ts";
import { Overview } from "./overview.ts";
import { DetailsPanel } from "./panel.ts";
import {
  GUTTER_PX,
  isSame,
  type Item,
  messageExtents,
  messagesOf,
  type Scene,
  type Window,
} from "./scene.ts";
import { ROW_PX } from "./shapes.ts";
import { ticks, View } from "./view.ts";

const TICKS_APART_PX = 110;
/** Rows that are drawn above and below what is in view, so that scrolling shows them. */
const OVERSCAN_PX = 3 * ROW_PX;
/** The shortest stretch that can be shown on either axis. */
const SPAN_MIN: Record<AxisKind, number> = { time: 0.01, order: 2 };
/** The width of the view that shows an operation, in widths of the operation. */
const FRAME = 4;

/** The facts of the page before a part is chosen. */
export type Recording = Pick<Scene, "messages" | "faults" | "isTold">;

/** The stage. */
export class Stage {
  readonly scene: Scene;
  readonly operations: OperationsPane;
  readonly network: NetworkPane;
  readonly #overview: Overview;
  readonly #panel: DetailsPanel;
  readonly #operationsBox = byId("operations-pane");
  readonly #networkBox = byId("network-pane");
  readonly #axis = byId<SVGSVGElement>("axis");
  readonly #ticks: { lines: Pool<SVGPathElement>; texts: Pool<SVGTextElement> };
  #kind: AxisKind = "time";
  #isScheduled = false;
  /** The messages of the pinned operation. */
  #own: readonly number[] = [];
  /** Told when something is pinned or not any more. */
  onPin: () => void = () => {};

  constructor(recording: Recording, part: Part) {
    this.scene = {
      ...recording,
      part,
      layout: layOut(part),
      axis: orderAxis([]),
      points: new Float64Array(),
      view: new View(),
      extents: { starts: new Float64Array(), ends: new Float64Array() },
      hovered: undefined,
      active: { operation: undefined, message: undefined },
      pinned: undefined,
    };
    this.operations = new OperationsPane(byId<SVGSVGElement>("lanes"));
    this.network = new NetworkPane(byId<SVGSVGElement>("messages"), recording);
    this.#overview = new Overview(byId<SVGSVGElement>("overview"), (share) => this.#center(share));
    this.#panel = new DetailsPanel(this);
    const plot = svg("svg", { x: GUTTER_PX, height: "100%", class: "plot" });
    this.#axis.append(plot);
    this.#ticks = {
      lines: new Pool(plot, () => svg("path")),
      texts: new Pool(plot, () => svg("text")),
    };
    this.#operationsBox.addEventListener("scroll", () => this.draw());
    new ResizeObserver(() => this.draw()).observe(this.#operationsBox);
    this.showPart(part);
  }

  /** The axis that is shown. */
  get axisKind(): AxisKind {
    return this.scene.axis.kind;
  }

  /** Returns true if there is a choice of axes. */
  get hasTimes(): boolean {
    return this.scene.axis.place !== undefined;
  }

  /** Shows another part. */
  showPart(part: Part): void {
    const { scene } = this;
    scene.part = part;
    scene.layout = layOut(part);
    scene.hovered = undefined;
    const messages = scene.messages.length > 0 ? 0 : undefined;
    const operation = this.suspect ?? (part.operations.length > 0 ? 0 : undefined);
    scene.active = { operation, message: messages };
    this.operations.reset();
    this.pin(undefined);
    this.#setAxis();
    this.#operationsBox.scrollTop = 0;
  }

  /** The operation to look at first, when the part is not linearizable. */
  get suspect(): number | undefined {
    return this.scene.part.stuck ?? this.scene.part.reason?.operations[0];
  }

  /** Shows the other axis. What is in view stays there. */
  showAxis(kind: AxisKind): void {
    const { view, axis } = this.scene;
    const { from, to } = view;
    this.#kind = kind;
    this.#setAxis();
    const map = mapAxis(axis, this.scene.axis);
    const isWhole = from <= axis.from && to >= axis.to;
    if (!isWhole) view.show(map(from), map(to));
  }

  #setAxis(): void {
    const { scene } = this;
    const { operations, order } = scene.part;
    const isTimed = hasTimes(operations);
    scene.axis = isTimed && this.#kind === "time" ? timeAxis(operations) : orderAxis(operations);
    scene.extents = messageExtents(scene.messages, scene.axis);
    scene.points = pointsOf(order, scene.axis);
    const { from, to } = this.#wholeExtent(scene.axis);
    scene.view.limit(from, to, SPAN_MIN[scene.axis.kind]);
    this.#networkBox.hidden = !isTimed || scene.messages.length + scene.faults.length === 0;
    this.fit();
  }

  #wholeExtent(axis: Axis): { from: number; to: number } {
    let { from, to } = axis;
    if (axis.place !== undefined) {
      const { starts, ends } = this.scene.extents;
      starts.forEach((start) => from = Math.min(from, start));
      ends.forEach((end) => to = Math.max(to, end));
      for (const { atMs } of this.scene.faults) {
        from = Math.min(from, axis.place(atMs));
        to = Math.max(to, axis.place(atMs));
      }
    }
    return { from, to };
  }

  /** Shows all operations of the part. */
  fit(): void {
    const { view, axis } = this.scene;
    view.showWithMargin(axis.from, axis.to);
    this.draw();
  }

  zoom(factor: number, aroundPx?: number): void {
    this.scene.view.zoom(factor, aroundPx);
    this.draw();
  }

  pan(byPx: number): void {
    this.scene.view.pan(byPx);
    this.draw();
  }

  #center(share: number): void {
    const { view } = this.scene;
    const { from, to } = view.limits;
    const at = from + share * (to - from);
    view.show(at - view.span / 2, at + view.span / 2);
    this.draw();
  }

  /** Returns the beginning and end of an item on the axis. */
  #extentOf(item: Item): { from: number; to: number } {
    const { axis, extents } = this.scene;
    if (item.kind === "message") {
      return { from: extents.starts[item.place]!, to: extents.ends[item.place]! };
    }
    const from = axis.starts[item.place]!;
    return { from, to: Math.min(axis.ends[item.place]!, Math.max(axis.to, from)) };
  }

  /** Zooms in on an operation, and scrolls to it. */
  frame(place: number): void {
    const { view, axis } = this.scene;
    const { from, to } = this.#extentOf({ kind: "operation", place });
    const span = Math.max((to - from) * FRAME, SPAN_MIN[axis.kind] * FRAME);
    const middle = (from + to) / 2;
    view.show(middle - span / 2, middle + span / 2);
    this.#scrollTo(this.#operationsBox, rowWindow(this.scene.layout.rowOf[place]!));
    this.draw();
  }

  /** Moves no farther than it takes to see an item. */
  reveal(item: Item): void {
    const { view, layout } = this.scene;
    const { from, to } = this.#extentOf(item);
    const isIn = view.px(to) > 0 && view.px(from) < view.widthPx &&
      (view.px(from) >= 0 || view.px(to) <= view.widthPx);
    if (!isIn) view.show((from + to - view.span) / 2, (from + to + view.span) / 2);
    if (item.kind === "operation") {
      this.#scrollTo(this.#operationsBox, rowWindow(layout.rowOf[item.place]!));
    } else {
      this.#scrollTo(this.#networkBox, this.network.windowOf(item.place));
    }
    this.draw();
  }

  #scrollTo(box: HTMLElement, { topPx, bottomPx }: Window): void {
    const head = box === this.#operationsBox ? this.#axis.clientHeight : 0;
    const heightPx = box.clientHeight - head;
    if (topPx < box.scrollTop) box.scrollTop = topPx;
    else if (bottomPx > box.scrollTop + heightPx) box.scrollTop = bottomPx - heightPx;
  }

  /** Points at something, or at nothing. */
  hover(item: Item | undefined, xPx = 0, yPx = 0): void {
    const { scene } = this;
    this.#panel.showTip(item, xPx, yPx);
    if (isSame(scene.hovered, item)) return;
    scene.hovered = item;
    this.draw();
  }

  /** Keeps the details of something on the page. */
  pin(item: Item | undefined): void {
    this.scene.pinned = item;
    this.#own = item?.kind === "operation" ? messagesOf(this.scene, item.place) : [];
    this.#panel.show(item);
    this.onPin();
    this.draw();
  }

  /** Gives something the keyboard. */
  focus(item: Item): void {
    this.scene.active[item.kind] = item.place;
    this.reveal(item);
    this.#drawNow();
    const element = item.kind === "operation"
      ? this.operations.element(item.place)!
      : this.network.activeElement;
    element.focus({ preventScroll: true });
    const box = element.getBoundingClientRect();
    this.hover(item, Math.max(box.left, 0) + Math.min(box.width, 200) / 2, box.bottom);
  }

  /** Draws with the next frame. */
  draw(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    requestAnimationFrame(() => {
      if (this.#isScheduled) this.#drawNow();
    });
  }

  /** Draws all rows, also those out of view, for printing. */
  drawAll(): void {
    this.#drawNow({ topPx: 0, bottomPx: Infinity });
  }

  #drawNow(window?: Window): void {
    this.#isScheduled = false;
    const { scene } = this;
    const box = this.#operationsBox;
    scene.view.widthPx = Math.max(box.clientWidth - GUTTER_PX, 50);
    const { scrollTop, clientHeight } = box;
    this.#drawAxis();
    this.operations.draw(
      scene,
      window ?? {
        topPx: scrollTop - OVERSCAN_PX,
        bottomPx: scrollTop + clientHeight + OVERSCAN_PX,
      },
    );
    if (!this.#networkBox.hidden) this.network.draw(scene, this.#own);
    this.#overview.draw(scene);
  }

  #drawAxis(): void {
    const { view, axis } = this.scene;
    const { step, at } = ticks(view, TICKS_APART_PX, axis.kind === "order" ? 1 : 0);
    for (const place of at) {
      const label = axis.label(place, step);
      if (label === "") continue;
      const x = Math.round(view.px(place)) + 0.5;
      this.#ticks.lines.next({ d: `M${x} 18v8` });
      this.#ticks.texts.next({ x, y: 14 }, label);
    }
    this.#ticks.lines.end();
    this.#ticks.texts.end();
    set(this.#axis.firstElementChild!, { width: view.widthPx });
  }
}

function rowWindow(row: number): Window {
  return { topPx: row * ROW_PX, bottomPx: (row + 1) * ROW_PX };
}
