/// <reference lib="dom" />
/**
 * Starts the page: reads what it carries, and joins its parts.
 *
 * @module
 */

import { decodeMessages, decodePart, type PageData, type Part } from "./data.ts";
import { operationName } from "./details.ts";
import { byId, html, say, set } from "./dom.ts";
import { listen } from "./interact.ts";
import { callerWord, witnessesOf } from "./scene.ts";
import { Stage } from "./stage.ts";
import { partName, Tabs } from "./tabs.ts";
import { changeTheme } from "./theme.ts";

const ZOOM_STEP = 1.5;

class Page {
  readonly #data: PageData;
  readonly #parts = new Map<number, Part>();
  readonly #stage: Stage;
  readonly #tabs: Tabs;
  #shown = -1;

  constructor(data: PageData) {
    this.#data = data;
    const first = this.#partInAddress() ?? 0;
    const isTold = document.getElementById("story") !== null;
    const recording = { messages: decodeMessages(data), faults: data.faults, isTold };
    byId("parts").hidden = data.parts.length === 1;
    this.#stage = new Stage(recording, this.#part(first));
    this.#tabs = new Tabs(data.parts, (part) => this.#show(part));
    listen(this.#stage);
    this.#listenToButtons();
    addEventListener("hashchange", () => {
      const part = this.#partInAddress();
      if (part !== undefined) this.#show(part);
    });
    addEventListener("beforeprint", () => this.#stage.drawAll());
    this.#show(first);
  }

  #part(place: number): Part {
    const part = this.#parts.get(place) ?? decodePart(this.#data, this.#data.parts[place]!);
    this.#parts.set(place, part);
    return part;
  }

  /** The part that the address names after its #. */
  #partInAddress(): number | undefined {
    const name = new URLSearchParams(location.hash.slice(1)).get("key");
    const part = this.#data.parts.findIndex((part) => part.name === name);
    return part < 0 ? undefined : part;
  }

  #show(place: number): void {
    if (place === this.#shown) return;
    const isFirst = this.#shown < 0;
    this.#shown = place;
    const part = this.#part(place);
    this.#stage.showPart(part);
    this.#tabs.select(place);
    this.#sayVerdict(part);
    this.#showAxis();
    if (!isFirst) {
      history.replaceState(null, "", `#${new URLSearchParams({ key: part.name })}`);
    }
  }

  #sayVerdict(part: Part): void {
    const { name, verdict, order, operations, reason } = part;
    const box = byId("verdict");
    set(box, { class: verdict.replaceAll(" ", "-") });
    const mark = { linearizable: "✓", "not linearizable": "✗", inconclusive: "?" }[verdict];
    const isReasonOpen = reason !== undefined && !this.#stage.scene.isTold;
    const kind = isReasonOpen ? `: ${reason.kind}` : "";
    const lines: HTMLElement[] = [html("h2", {}, `${mark} ${partName(name)} is ${verdict}${kind}`)];
    if (isReasonOpen) {
      const sentence = reason.sentence.replaceAll(
        "of client ",
        `of ${callerWord(this.#stage.scene).toLowerCase()} `,
      );
      lines.push(html("p", { class: "reason" }, `${sentence}.`));
    }
    const [all, placed] = [operations.length, order.length];
    if (verdict === "linearizable") {
      lines.push(
        html(
          "p",
          { class: "count" },
          `${placed} of ${all} operations are in an order that explains them.`,
        ),
      );
    } else {
      const isRefuted = this.#data.parts.some((part) => part.verdict === "not linearizable");
      const end = verdict !== "inconclusive"
        ? ""
        : isRefuted
        ? " It was not decided, as another key refutes the history."
        : " The check ran out of time or memory.";
      lines.push(
        html(
          "p",
          { class: "count" },
          `The longest order found holds ${placed} of ${all} operations.${end}`,
        ),
      );
    }
    if (verdict === "not linearizable") lines.push(this.#witnesses(part));
    box.replaceChildren(...lines);
  }

  /** A link to each operation that tells why. */
  #witnesses(part: Part): HTMLElement {
    const links = witnessesOf(part).map((place) => {
      const mark = place === part.stuck ? "✗ " : "! ";
      const button = html(
        "button",
        { type: "button", "aria-label": `Show ${operationName(this.#stage.scene, place)}` },
        `${mark}${callerWord(this.#stage.scene)} ${part.operations[place]!.client}: ${
          part.operations[place]!.text
        }`,
      );
      button.addEventListener("click", () => this.#showOperation(place));
      return button;
    });
    const label = "Operations that tell why";
    return html("div", { class: "witnesses", role: "group", "aria-label": label }, ...links);
  }

  #listenToButtons(): void {
    const on = (id: string, act: () => void) => byId(id).addEventListener("click", act);
    on("zoom-in", () => this.#stage.zoom(ZOOM_STEP));
    on("zoom-out", () => this.#stage.zoom(1 / ZOOM_STEP));
    on("fit", () => this.#stage.fit());
    on("axis-kind", () => {
      this.#stage.showAxis(this.#stage.axisKind === "time" ? "order" : "time");
      this.#showAxis();
    });
  }

  #showOperation(place: number): void {
    this.#stage.frame(place);
    this.#stage.focus({ kind: "operation", place });
    this.#stage.hover(undefined);
    this.#stage.pin({ kind: "operation", place });
  }

  #showAxis(): void {
    const button = byId("axis-kind");
    button.hidden = !this.#stage.hasTimes;
    say(button, this.#stage.axisKind === "time" ? "Show by order" : "Show by time");
  }
}

byId("theme").addEventListener("click", changeTheme);
const data = JSON.parse(byId("data").textContent) as PageData;
if (data.parts.length > 0) new Page(data);
else byId("page").replaceWith(html("main", { id: "nothing" }, "There are no operations to draw."));
