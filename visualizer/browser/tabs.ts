/// <reference lib="dom" />
/**
 * The list of parts: one tab each, and a search by key.
 *
 * @module
 */

import type { PartData } from "./data.ts";
import { byId, html, say, set } from "./dom.ts";

/** How a verdict looks in the list. */
const MARKS: Record<PartData["verdict"], string> = {
  "not linearizable": "✗",
  inconclusive: "?",
  linearizable: "✓",
};

/** What a part is called on the page. */
export function partName(name: string): string {
  return name === "" ? "The object" : `Key ${JSON.stringify(name)}`;
}

/** The list. */
export class Tabs {
  readonly #tabs: readonly HTMLButtonElement[];
  readonly #names: readonly string[];
  readonly #onChoose: (part: number) => void;
  readonly #count = byId("search-count");

  constructor(parts: readonly PartData[], onChoose: (part: number) => void) {
    this.#onChoose = onChoose;
    this.#names = parts.map(({ name }) => name.toLowerCase());
    this.#tabs = parts.map((part, i) => this.#makeTab(part, i));
    const list = byId("tabs");
    list.append(...this.#tabs);
    list.addEventListener("keydown", (event) => this.#onKey(event));
    const search = byId<HTMLInputElement>("search");
    search.addEventListener("input", () => this.#search(search.value));
    search.addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.#shown()[0]?.click();
    });
  }

  /** Marks a tab as the one that is shown. */
  select(part: number): void {
    this.#tabs.forEach((tab, i) => {
      set(tab, { "aria-selected": String(i === part), tabindex: i === part ? 0 : -1 });
    });
    this.#bringIntoView(this.#tabs[part]!);
  }

  /** Scrolls the list, and nothing else: what is above it stays where it is. */
  #bringIntoView(tab: HTMLElement): void {
    const [own, list] = [tab, byId("tabs")].map((element) => element.getBoundingClientRect());
    const [above, below] = [own!.top - list!.top, own!.bottom - list!.bottom];
    byId("tabs").scrollTop += Math.min(above, 0) + Math.max(below, 0);
  }

  #makeTab({ name, verdict, operations }: PartData, part: number): HTMLButtonElement {
    const count = operations["client"] === undefined ? 0 : columnLength(operations["client"]);
    const heard = (text: string) => html("span", { class: "heard" }, text);
    const tab = html(
      "button",
      {
        type: "button",
        role: "tab",
        "aria-controls": "part",
        class: verdict.replaceAll(" ", "-"),
        title: `${partName(name)}: ${verdict}`,
      },
      html("span", { class: "mark", "aria-hidden": "true" }, MARKS[verdict]),
      html("span", { class: "name" }, name || "(unnamed)"),
      heard(`: ${verdict}, `),
      html("span", { class: "count" }, String(count)),
      heard(count === 1 ? " operation" : " operations"),
    );
    tab.addEventListener("click", () => this.#onChoose(part));
    return tab;
  }

  #search(text: string): void {
    const wanted = text.trim().toLowerCase();
    this.#tabs.forEach((tab, i) => tab.hidden = !this.#names[i]!.includes(wanted));
    const count = this.#shown().length;
    say(this.#count, wanted === "" ? "" : `${count} of ${this.#tabs.length} keys`);
  }

  #shown(): HTMLButtonElement[] {
    return this.#tabs.filter(({ hidden }) => !hidden);
  }

  #onKey(event: KeyboardEvent): void {
    const shown = this.#shown();
    const at = shown.indexOf(document.activeElement as HTMLButtonElement);
    const next = {
      ArrowDown: at + 1,
      ArrowRight: at + 1,
      ArrowUp: at - 1,
      ArrowLeft: at - 1,
      Home: 0,
      End: shown.length - 1,
    }[event.key];
    if (next === undefined || at < 0) return;
    event.preventDefault();
    const tab = shown[(next + shown.length) % shown.length]!;
    tab.click();
    tab.focus();
  }
}

function columnLength(column: PartData["operations"][string]): number {
  return "numbers" in column ? column.numbers.length : column.texts.length;
}
