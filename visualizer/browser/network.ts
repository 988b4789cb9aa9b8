/// <reference lib="dom" />
/**
 * Draws the faults and the messages. Each server has a band: its callers are the upper
 * line, the server is the lower one. A request goes down, the server works, the reply
 * goes up; what is lost ends on the way in a cross, what comes too late is dashed and
 * ends in a ring, and a caller that gives up is a bar across the upper line.
 *
 * If too many messages are in view to be told apart, a band shows how many were
 * sent, and how many of them were dropped.
 *
 * @module
 */

import type { PageFault } from "../content.ts";
import { faultLabel, messageLabel } from "./details.ts";
import { Pool, set, svg } from "./dom.ts";
import type { FlatMessage } from "./data.ts";
import { GUTTER_PX, type Scene, type Window } from "./scene.ts";
import {
  BAND,
  distanceTo,
  type Stroke,
  strokePath,
  STROKES,
  strokesOf,
  STUB_PX,
} from "./strokes.ts";

/** The height of a row of faults. */
const FAULT_PX = 22;

/** With this many messages in view, a band counts them instead of drawing them. */
const MESSAGES_MAX = 250;
/** Up to how many in view messages have names, per band. */
const NAMED_MAX = 60;
/** The width of a column that counts. */
const COLUMN_PX = 4;
/** The distance of the pointer from a message, at most. */
const REACH_PX = 7;
const CHARACTER_PX = 6.1;

/** The messages to one server. */
interface Band {
  readonly server: string;
  readonly topPx: number;
  /** Places among all messages, in the order of sending. */
  readonly places: readonly number[];
}

/** A time during which a server was stopped. */
interface Stop {
  readonly stopped: PageFault;
  readonly started: PageFault | undefined;
}

const byName = new Intl.Collator("en", { numeric: true }).compare;

/** The pane of faults and messages. */
export class NetworkPane {
  readonly #root: SVGSVGElement;
  readonly #bands: readonly Band[];
  readonly #stops: ReadonlyMap<string, readonly Stop[]>;
  readonly #faultRows: readonly string[];
  readonly #plot = svg("svg", { x: GUTTER_PX, class: "plot" });
  readonly #lines = svg("path", { class: "lane-lines" });
  readonly #strokes = new Map(
    STROKES.map((kind) => [kind, svg("path", { class: `stroke ${kind}` })]),
  );
  readonly #sent = svg("path", { class: "counted sent" });
  readonly #dropped = svg("path", { class: "counted dropped" });
  readonly #highlights = {
    hovered: svg("path", { class: "message hovered" }),
    pinned: svg("path", { class: "message pinned" }),
    own: svg("path", { class: "message own" }),
    active: svg("path", { class: "message active", role: "button" }),
  };
  readonly #texts: Pool<SVGTextElement>;
  readonly #names: Pool<SVGTextElement>;
  readonly #faults: Pool<SVGRectElement>;

  constructor(root: SVGSVGElement, { messages, faults }: Pick<Scene, "messages" | "faults">) {
    this.#root = root;
    this.#stops = stopsByServer(faults);
    this.#faultRows = [...this.#stops.keys()].sort(byName);
    const top = this.#faultRows.length * FAULT_PX;
    const servers = Map.groupBy(messages.keys(), (place) => messages[place]!.to);
    this.#bands = [...servers].sort(([a], [b]) => byName(a, b)).map(([server, places], i) => ({
      server,
      topPx: top + i * BAND.heightPx,
      places: places.sort((a, b) => messages[a]!.sentMs - messages[b]!.sentMs),
    }));
    const [stops, texts, names] = [svg("g"), svg("g", { "aria-hidden": "true" }), svg("g")];
    this.#plot.append(
      stops,
      this.#sent,
      this.#dropped,
      this.#highlights.own,
      ...this.#strokes.values(),
      ...[this.#highlights.hovered, this.#highlights.pinned, this.#highlights.active],
      texts,
    );
    set(names, { class: "names" });
    root.append(this.#lines, this.#plot, names);
    this.#faults = new Pool(stops, () => svg("rect", { role: "img" }));
    this.#texts = new Pool(texts, () => svg("text"));
    this.#names = new Pool(names, () => svg("text", { x: 10 }));
  }

  /** The bands' messages, for moving among them with the keyboard. */
  get rows(): readonly (readonly number[])[] {
    return this.#bands.map(({ places }) => places);
  }

  /** The element that has the focus while the keyboard is in this pane. */
  get activeElement(): SVGElement {
    return this.#highlights.active;
  }

  /** The band of a message, in pixels from the top of the pane. */
  windowOf(place: number): Window {
    const band = this.#bands.find(({ places }) => places.includes(place))!;
    return { topPx: band.topPx, bottomPx: band.topPx + BAND.heightPx };
  }

  /** Draws what is in view. */
  draw(scene: Scene, own: readonly number[]): void {
    const { view } = scene;
    const heightPx = this.#faultRows.length * FAULT_PX + this.#bands.length * BAND.heightPx;
    set(this.#root, { height: heightPx });
    set(this.#plot, { width: view.widthPx, height: heightPx });
    this.#drawLines(view.widthPx);
    this.#drawStops(scene);
    const paths = new Map(STROKES.map((kind) => [kind, ""]));
    const counted = { sent: "", dropped: "" };
    for (const band of this.#bands) {
      const places = inView(scene, band);
      if (places.length > MESSAGES_MAX) this.#count(scene, band, places, counted);
      else this.#drawMessages(scene, band, places, paths);
    }
    this.#texts.end();
    this.#names.end();
    for (const [kind, path] of this.#strokes) set(path, { d: paths.get(kind)! });
    set(this.#sent, { d: counted.sent });
    set(this.#dropped, { d: counted.dropped });
    this.#highlight(scene, own);
  }

  /** Returns the message at a place of the pane. */
  pick(scene: Scene, xPx: number, yPx: number): number | undefined {
    const band = this.#bands.find(({ topPx }) => yPx >= topPx && yPx < topPx + BAND.heightPx);
    if (band === undefined) return undefined;
    const places = inView(scene, band);
    if (places.length > MESSAGES_MAX) return undefined;
    let [nearest, distance]: [number | undefined, number] = [undefined, REACH_PX];
    for (const place of places) {
      for (const stroke of strokesOf(scene, scene.messages[place]!, band.topPx)) {
        const apart = distanceTo(stroke, xPx, yPx);
        if (apart < distance) [nearest, distance] = [place, apart];
      }
    }
    return nearest;
  }

  #drawLines(widthPx: number): void {
    let lines = "";
    const right = GUTTER_PX + widthPx;
    this.#faultRows.forEach((server, i) => {
      lines += `M0 ${(i + 1) * FAULT_PX - 0.5}H${right}`;
      this.#names.next({ y: i * FAULT_PX + 15 }, `${server} faults`);
    });
    for (const { server, topPx } of this.#bands) {
      lines += `M0 ${topPx + BAND.heightPx - 0.5}H${right}` +
        `M${GUTTER_PX} ${topPx + BAND.callersPx}H${right}` +
        `M${GUTTER_PX} ${topPx + BAND.serverPx}H${right}`;
      this.#names.next({ y: topPx + BAND.callersPx + 4 }, "callers ↓↑");
      this.#names.next({ y: topPx + BAND.serverPx + 4 }, server);
    }
    set(this.#lines, { d: lines });
  }

  #drawStops({ view, axis }: Scene): void {
    this.#faultRows.forEach((server, row) => {
      for (const stop of this.#stops.get(server)!) {
        const left = view.pxNear(axis.place!(stop.stopped.atMs));
        const right = stop.started === undefined
          ? view.pxNear(Infinity)
          : view.pxNear(axis.place!(stop.started.atMs));
        if (right < 0 || left > view.widthPx) continue;
        this.#faults.next({
          class: "stop",
          x: left,
          y: row * FAULT_PX + 3,
          width: Math.max(right - left, 2),
          height: FAULT_PX - 7,
          "aria-label": faultLabel(stop.stopped, stop.started),
        });
        const room = Math.min(right, view.widthPx) - Math.max(left, 0);
        if (room > 60) {
          const text = room > 150 ? "■ stopped … started ▶" : "■ stopped";
          const isWhole = room > 150 && stop.started !== undefined && right < view.widthPx;
          this.#texts.next(
            { x: Math.max(left, 0) + 5, y: row * FAULT_PX + 15, class: "stop-text" },
            isWhole ? text : "■ stopped",
          );
        }
      }
    });
    this.#faults.end();
  }

  #drawMessages(
    scene: Scene,
    band: Band,
    places: readonly number[],
    paths: Map<Stroke["kind"], string>,
  ): void {
    const hasNames = places.length <= NAMED_MAX;
    let reached = -Infinity;
    const dropsReached = new Map<number, number>();
    for (const place of places) {
      const message = scene.messages[place]!;
      const strokes = strokesOf(scene, message, band.topPx);
      for (const stroke of strokes) {
        paths.set(stroke.kind, paths.get(stroke.kind)! + strokePath(stroke));
      }
      if (!hasNames) continue;
      const x = scene.view.pxNear(scene.extents.starts[place]!);
      const name = `${message.from} ${message.method.split(".").at(-1)}`;
      if (x >= reached) {
        this.#texts.next({ x, y: band.topPx + BAND.callersPx - 8, class: "" }, name);
        reached = x + (name.length + 1) * CHARACTER_PX;
      }
      this.#nameDrop(message, strokes, dropsReached);
    }
  }

  /** Says why a message ends here, unless another text is there already.
   *
   * @param reached The place up to which texts reach at each height. */
  #nameDrop({ why }: FlatMessage, strokes: readonly Stroke[], reached: Map<number, number>): void {
    const end = strokes.find(({ kind }) => kind === "cross" || kind === "ring");
    if (end === undefined || why === undefined) return;
    const x = end.x1 + 7;
    const y = end.y1 + (end.kind === "ring" ? 13 : 4);
    if (x < (reached.get(y) ?? -Infinity)) return;
    reached.set(y, x + (why.length + 2) * CHARACTER_PX);
    this.#texts.next({ x, y, class: "drop" }, why);
  }

  #count(
    { messages, view, extents }: Scene,
    band: Band,
    places: readonly number[],
    counted: { sent: string; dropped: string },
  ): void {
    const columns = Math.ceil(view.widthPx / COLUMN_PX) + 1;
    const [sent, dropped] = [new Int32Array(columns), new Int32Array(columns)];
    for (const place of places) {
      const column = Math.floor(view.px(extents.starts[place]!) / COLUMN_PX);
      if (column < 0 || column >= columns) continue;
      sent[column]!++;
      if (messages[place]!.dropped !== undefined) dropped[column]!++;
    }
    const most = Math.max(...sent, 1);
    const scale = (BAND.serverPx - BAND.callersPx) / most;
    const bar = (column: number, count: number) => {
      const height = Math.round(count * scale * 10) / 10;
      return `M${column * COLUMN_PX} ${band.topPx + BAND.serverPx}v${-height}` +
        `h${COLUMN_PX - 1}v${height}z`;
    };
    sent.forEach((count, column) => counted.sent += count > 0 ? bar(column, count) : "");
    dropped.forEach((count, column) => counted.dropped += count > 0 ? bar(column, count) : "");
    const drops = dropped.reduce((sum, count) => sum + count, 0);
    this.#texts.next(
      { x: 4, y: band.topPx + BAND.callersPx - 8, class: "" },
      `${places.length.toLocaleString("en")} messages, ${drops.toLocaleString("en")} dropped ` +
        "(the lower part); zoom in to see each",
    );
  }

  #highlight(scene: Scene, own: readonly number[]): void {
    const { hovered, pinned, active } = scene;
    const path = (places: readonly (number | undefined)[]) => {
      let d = "";
      for (const place of places) {
        if (place === undefined) continue;
        const { topPx } = this.windowOf(place);
        for (const stroke of strokesOf(scene, scene.messages[place]!, topPx)) {
          d += strokePath(stroke);
        }
      }
      return d;
    };
    const placeOf = (item: Scene["hovered"]) => item?.kind === "message" ? item.place : undefined;
    set(this.#highlights.hovered, { d: path([placeOf(hovered)]) });
    set(this.#highlights.pinned, { d: path([placeOf(pinned)]) });
    set(this.#highlights.own, { d: path(own) });
    const focus = active.message;
    set(this.#highlights.active, {
      d: path([focus]),
      tabindex: focus === undefined ? -1 : 0,
      "aria-label": focus === undefined ? "" : messageLabel(scene.messages[focus]!),
      "aria-pressed": String(focus !== undefined && placeOf(pinned) === focus),
    });
  }
}

function stopsByServer(faults: readonly PageFault[]): Map<string, Stop[]> {
  const stops = new Map<string, Stop[]>();
  for (const fault of faults.toSorted((a, b) => a.atMs - b.atMs)) {
    const own = stops.get(fault.server) ?? [];
    stops.set(fault.server, own);
    const last = own.at(-1);
    const isDown = last !== undefined && last.started === undefined;
    if (fault.what === "stopped" && !isDown) own.push({ stopped: fault, started: undefined });
    if (fault.what === "started" && isDown) own[own.length - 1] = { ...last, started: fault };
  }
  // A server that starts for the first time was not stopped.
  for (const [server, own] of stops) if (own.length === 0) stops.delete(server);
  return stops;
}

function inView({ extents: { starts, ends }, view }: Scene, band: Band): number[] {
  const from = view.from - STUB_PX * view.span / view.widthPx;
  return band.places.filter((place) => starts[place]! <= view.to && ends[place]! >= from);
}
