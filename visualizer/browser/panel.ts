/// <reference lib="dom" />
/**
 * Tells about what the reader points at, in a box at the pointer, and about what is
 * pinned, in the panel. The panel is a live region: a screen reader says what comes
 * into it.
 *
 * @module
 */

import { type Details, detailsOf } from "./details.ts";
import { byId, html } from "./dom.ts";
import { type Item, type Scene, witnessesOf } from "./scene.ts";

/** The number of characters of a value in the box at the pointer. */
const TIP_LENGTH_MAX = 240;
/** The distance of the box from the pointer, and from the edges of the page. */
const TIP_APART_PX = 14;

/** The requests of the panel to the stage. */
export interface PanelStage {
  readonly scene: Scene;
  pin(item: Item | undefined): void;
  focus(item: Item): void;
}

/** The box and the panel. */
export class DetailsPanel {
  readonly #stage: PanelStage;
  readonly #tip = byId("tip");
  readonly #panel = byId("pinned");
  readonly #hint = byId("nothing-pinned");
  #told: Item | undefined;

  constructor(stage: PanelStage) {
    this.#stage = stage;
  }

  /** Tells about an item at a place of the page; about nothing without one. */
  showTip(item: Item | undefined, xPx: number, yPx: number): void {
    this.#tip.hidden = item === undefined;
    if (item === undefined) {
      this.#told = undefined;
      return;
    }
    if (this.#told !== item) {
      this.#told = item;
      const { title, status, rows } = detailsOf(this.#stage.scene, item);
      const short = rows.filter(({ isLong }) => !isLong)
        .map(({ label, text }) => ({ label, text: shorten(text) }));
      this.#tip.replaceChildren(...describe({ title, status, rows: short }));
    }
    const { offsetWidth, offsetHeight } = this.#tip;
    const isLow = yPx + TIP_APART_PX + offsetHeight > innerHeight;
    const left = Math.min(xPx + TIP_APART_PX, innerWidth - offsetWidth - TIP_APART_PX);
    const top = isLow ? yPx - TIP_APART_PX - offsetHeight : yPx + TIP_APART_PX;
    this.#tip.style.transform = `translate(${Math.max(left, 0)}px, ${Math.max(top, 0)}px)`;
  }

  /** Tells about what is pinned. */
  show(item: Item | undefined): void {
    this.#hint.hidden = item !== undefined;
    if (item === undefined) return this.#panel.replaceChildren();
    this.#panel.replaceChildren(
      ...describe(detailsOf(this.#stage.scene, item)),
      this.#buttons(item),
    );
  }

  #buttons(item: Item): HTMLElement {
    const { part, layout } = this.#stage.scene;
    const buttons = html("div", { class: "buttons" });
    const add = (text: string, act: () => void) => {
      const button = html("button", { type: "button" }, text);
      button.addEventListener("click", act);
      buttons.append(button);
    };
    const go = (place: number) => {
      const next: Item = { kind: "operation", place };
      this.#stage.focus(next);
      this.#stage.pin(next);
    };
    const number = item.kind === "operation" ? layout.numbers[item.place]! : 0;
    const [before, after] = [part.order[number - 2], part.order[number]];
    if (before !== undefined) add("← Before in the order", () => go(before));
    if (number > 0 && after !== undefined) add("Next in the order →", () => go(after));
    const witnesses = item.kind === "operation" ? witnessesOf(part) : [];
    const at = witnesses.indexOf(item.place);
    if (at >= 0 && witnesses.length > 1) {
      add("Next that tells why", () => go(witnesses[(at + 1) % witnesses.length]!));
    }
    add("Unpin", () => this.#stage.pin(undefined));
    return buttons;
  }
}

function describe({ title, status, rows }: Details): HTMLElement[] {
  const list = html("dl");
  for (const { label, text } of rows) {
    list.append(html("dt", {}, label), html("dd", {}, text));
  }
  return [html("h3", {}, title), html("p", { class: "status" }, status), list];
}

function shorten(text: string): string {
  if (text.length <= TIP_LENGTH_MAX) return text;
  const half = TIP_LENGTH_MAX / 2;
  return `${text.slice(0, half)} … ${text.slice(-half)}`;
}
