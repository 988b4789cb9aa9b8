/// <reference lib="dom" />
/**
 * Draws the lanes: a bar per operation with its call and its result, and the
 * linearization points, numbered and connected in their order.
 *
 * Only what is in view is drawn. A bar that is too narrow for text is part of one
 * outline for its whole lane; one with text, or that the reader points at, is an
 * element of its own, which can have the focus and a label.
 *
 * @module
 */

import { firstWhere } from "./axis.ts";
import { operationLabel } from "./details.ts";
import { Pool, say, set, svg } from "./dom.ts";
import type { Status } from "./layout.ts";
import { callerWord, GUTTER_PX, type Scene, type Window } from "./scene.ts";
import { BAR, barShape, fit, fitEnds, pill, round, ROW_PX, RowOutline } from "./shapes.ts";

/** From which width on a bar has text. */
const TEXT_WIDTH_MIN_PX = 28;
const TEXT_MARGIN_PX = 6;
const DIGIT_PX = 6;

/** Above this many in view, points are not told apart any more. */
const POINTS_MAX = 3_000;
/** Above this many, they are not connected. */
const CONNECTED_MAX = 400;

/** The distance of the pointer from a bar, at most. */
const REACH_PX = 4;

const STATUSES: readonly Status[] = ["unplaced", "placed", "stuck"];

/** The marks before a call. Shapes say what colors say. */
const MARKS: Record<Status, string> = { placed: "", unplaced: "◌ ", stuck: "✗ " };

interface BarNode {
  group: SVGGElement;
  shape: SVGPathElement;
  call: SVGTextElement;
  result: SVGTextElement;
}

/** The pane of the lanes. */
export class OperationsPane {
  readonly #root: SVGSVGElement;
  readonly #plot = svg("svg", { x: GUTTER_PX, class: "plot" });
  readonly #lines = svg("path", { class: "lane-lines" });
  readonly #narrow = new Map(
    STATUSES.map((status) => [status, svg("path", { class: `narrow ${status}` })]),
  );
  readonly #bars = svg("g");
  readonly #nodes = new Map<number, BarNode>();
  readonly #order = svg("path", { class: "order" });
  readonly #dots = svg("path", { class: "dots" });
  readonly #pills = svg("path", { class: "pills" });
  readonly #numbers: Pool<SVGTextElement>;
  readonly #names: Pool<SVGTextElement>;

  constructor(root: SVGSVGElement) {
    this.#root = root;
    const names = svg("g", { class: "names" });
    const numbers = svg("g", { class: "numbers", "aria-hidden": "true" });
    this.#plot.append(
      ...this.#narrow.values(),
      this.#bars,
      this.#order,
      this.#dots,
      this.#pills,
      numbers,
    );
    root.append(this.#lines, this.#plot, names);
    this.#names = new Pool(names, () => svg("text", { x: 10 }));
    this.#numbers = new Pool(numbers, () => svg("text"));
  }

  /** Forgets the bars of another part. */
  reset(): void {
    for (const { group } of this.#nodes.values()) group.remove();
    this.#nodes.clear();
  }

  /** Draws what is in view. */
  draw(scene: Scene, window: Window): void {
    const { layout, view } = scene;
    const heightPx = layout.rows.length * ROW_PX;
    set(this.#root, { height: heightPx });
    set(this.#plot, { width: view.widthPx, height: heightPx });
    const first = Math.max(0, Math.floor(window.topPx / ROW_PX));
    const last = Math.min(layout.rows.length, Math.ceil(window.bottomPx / ROW_PX));
    this.#drawNames(scene, first, last);
    this.#drawBars(scene, first, last);
    this.#drawPoints(scene, first, last);
  }

  /** Returns the operation at a place of the pane. */
  pick(scene: Scene, xPx: number, yPx: number): number | undefined {
    const { layout, view, axis } = scene;
    const row = layout.rows[Math.floor(yPx / ROW_PX)];
    if (row === undefined) return undefined;
    const [from, to] = [view.at(xPx - REACH_PX), view.at(xPx + REACH_PX)];
    const at = view.at(xPx);
    const near = [];
    for (let i = firstWhere(row.length, (i) => axis.ends[row[i]!]! >= from); i < row.length; i++) {
      const place = row[i]!;
      if (axis.starts[place]! > to) break;
      near.push(place);
    }
    const distance = (place: number) =>
      Math.max(axis.starts[place]! - at, at - axis.ends[place]!, 0);
    return near.sort((a, b) => distance(a) - distance(b))[0];
  }

  /** The element of an operation, if it is drawn. */
  element(place: number): SVGElement | undefined {
    return this.#nodes.get(place)?.group;
  }

  #drawNames(scene: Scene, first: number, last: number): void {
    const { layout, view } = scene;
    const caller = callerWord(scene).toLowerCase();
    let lines = "";
    for (const { client, row, rows } of layout.lanes) {
      if (row + rows.length <= first || row >= last) continue;
      const top = row * ROW_PX;
      lines += `M0 ${top + rows.length * ROW_PX - 0.5}H${GUTTER_PX + view.widthPx}`;
      this.#names.next({ y: top + 25 }, `${caller} ${client}`);
    }
    this.#names.end();
    set(this.#lines, { d: lines });
  }

  #drawBars(scene: Scene, first: number, last: number): void {
    const { layout, view, axis } = scene;
    const pointed = pointedOperations(scene);
    const drawn = new Set<number>();
    const outlines = new Map(STATUSES.map((status) => [status, ""]));
    for (let row = first; row < last; row++) {
      const places = layout.rows[row]!;
      const outline = new RowOutline(row, outlines);
      let i = firstWhere(places.length, (i) => axis.ends[places[i]!]! >= view.from);
      for (; i < places.length && axis.starts[places[i]!]! <= view.to; i++) {
        const place = places[i]!;
        const left = view.pxNear(axis.starts[place]!);
        const right = view.pxNear(axis.ends[place]!);
        if (right - left >= TEXT_WIDTH_MIN_PX || pointed.has(place)) drawn.add(place);
        else outline.add(layout.statuses[place]!, left, right);
      }
      outline.end();
    }
    for (const [status, path] of this.#narrow) set(path, { d: outlines.get(status)! });
    // An element that has the focus must not vanish while it is out of view.
    const { operation } = scene.active;
    if (operation !== undefined) drawn.add(operation);
    for (const place of drawn) this.#drawBar(scene, place);
    for (const [place, { group }] of this.#nodes) {
      if (drawn.has(place)) continue;
      group.remove();
      this.#nodes.delete(place);
    }
  }

  #drawBar(scene: Scene, place: number): void {
    const { layout, view, axis, part } = scene;
    const node = this.#nodes.get(place) ?? this.#makeBar(scene, place);
    const top = layout.rowOf[place]! * ROW_PX;
    const left = view.pxNear(axis.starts[place]!);
    const right = Math.max(view.pxNear(axis.ends[place]!), left + 3);
    set(node.shape, { d: barShape(left, right, top, axis.ends[place] === Infinity) });
    set(node.group, {
      class: barClass(scene, place),
      tabindex: scene.active.operation === place ? 0 : -1,
      "aria-pressed": String(
        scene.pinned?.kind === "operation" && scene.pinned.place === place,
      ),
    });
    const start = Math.max(left, 0) + TEXT_MARGIN_PX;
    const room = Math.min(right, view.widthPx) - start - TEXT_MARGIN_PX / 2;
    const { text, result, return: returned } = part.operations[place]!;
    const mark = layout.named.has(place) ? "! " : "";
    const outcome = returned === undefined
      ? "never returned"
      : result === undefined
      ? "returned"
      : `→ ${result}`;
    say(node.call, fit(MARKS[layout.statuses[place]!] + mark + text, room));
    say(node.result, fitEnds(outcome, room));
    set(node.call, { x: start, y: top + BAR.callPx });
    set(node.result, { x: start, y: top + BAR.resultPx });
  }

  #makeBar(scene: Scene, place: number): BarNode {
    const node = {
      group: svg("g", {
        role: "button",
        "aria-label": operationLabel(scene, place),
        "data-operation": place,
      }),
      shape: svg("path"),
      call: svg("text", { class: "call", "aria-hidden": "true" }),
      result: svg("text", { class: "result", "aria-hidden": "true" }),
    };
    node.group.append(node.shape, node.call, node.result);
    this.#bars.append(node.group);
    this.#nodes.set(place, node);
    return node;
  }

  #drawPoints(scene: Scene, first: number, last: number): void {
    const { part, points, view, layout } = scene;
    const start = Math.max(0, firstWhere(points.length, (k) => points[k]! >= view.from) - 1);
    const end = Math.min(points.length, firstWhere(points.length, (k) => points[k]! > view.to) + 1);
    const isCrowded = end - start > POINTS_MAX;
    let [line, dots, pills] = ["", "", ""];
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
      this.#numbers.next({ x, y: y + 4 }, number);
    }
    this.#numbers.end();
    set(this.#order, { d: end - start > CONNECTED_MAX ? "" : line });
    set(this.#dots, { d: dots });
    set(this.#pills, { d: pills });
  }
}

/** Operations that have an element of their own however narrow they are. */
function pointedOperations({ hovered, pinned, part, layout }: Scene): Set<number> {
  const pointed = new Set(layout.named);
  if (part.stuck !== undefined) pointed.add(part.stuck);
  for (const item of [hovered, pinned]) if (item?.kind === "operation") pointed.add(item.place);
  return pointed;
}

function barClass({ layout, hovered, pinned }: Scene, place: number): string {
  const classes: string[] = ["operation", layout.statuses[place]!];
  if (layout.named.has(place)) classes.push("named");
  if (hovered?.kind === "operation" && hovered.place === place) classes.push("hovered");
  if (pinned?.kind === "operation" && pinned.place === place) classes.push("pinned");
  return classes.join(" ");
}
