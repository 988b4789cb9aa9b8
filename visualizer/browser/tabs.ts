/// <reference lib="dom" />
/**
 * The list of parts: one tab each, and a search by key.
 *
 * @module
 */

import type { PartData } from "./data.ts";
import { byId, html, say, set } from "./dom.ts";

/** The marks of the verdicts in the list. */
const MARKS: Record<PartData["verdict"], string> = {
  "not linearizable": "✗",
  inconclusive: "?",
  linearizable: "✓",
};

/** Returns the name of a part on the page. It is escaped already. */
export function partName(name: string): string {
  return name === "" ? "The object" : `Key "${name}"`;
}

/** The number of tabs that are added at once, as one scrolls: a history may have 100,000 keys. */
const CHUNK = 200;
/** The distance from the end of the list at which more tabs are added, in pixels. */
const AHEAD_PX = 600;

/** The list. It holds the tabs down to where one has scrolled, and the selected one. */
export class Tabs {
  readonly #parts: readonly PartData[];
  readonly #names: readonly string[];
  readonly #onChoose: (part: number) => void;
  readonly #list = byId("tabs");
  readonly #count = byId("search-count");
  /** The parts whose names hold what is searched, and how many of them have a tab. */
  #found: readonly number[];
  #drawn = 0;
  readonly #tabs = new Map<number, HTMLButtonElement>();
  #selected = 0;

  constructor(parts: readonly PartData[], onChoose: (part: number) => void) {
    this.#parts = parts;
    this.#onChoose = onChoose;
    this.#names = parts.map(({ name }) => name.toLowerCase());
    this.#found = parts.map((_, i) => i);
    this.#list.addEventListener("keydown", (event) => this.#onKey(event));
    this.#list.addEventListener("scroll", () => this.#drawAhead());
    const search = byId<HTMLInputElement>("search");
    search.addEventListener("input", () => this.#search(search.value));
    search.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && this.#found.length > 0) this.#onChoose(this.#found[0]!);
    });
    this.#draw();
  }

  /** Marks a tab as the one that is shown. */
  select(part: number): void {
    const old = this.#tabs.get(this.#selected);
    if (old !== undefined) set(old, { "aria-selected": "false", tabindex: -1 });
    this.#selected = part;
    // One that the address names may be far down; it then comes first.
    if (!this.#tabs.has(part)) this.#list.prepend(this.#tabOf(part));
    const tab = this.#tabs.get(part)!;
    set(tab, { "aria-selected": "true", tabindex: 0 });
    this.#bringIntoView(tab);
  }

  /** Scrolls the list, and nothing else: what is above it stays where it is. */
  #bringIntoView(tab: HTMLElement): void {
    const [own, list] = [tab, this.#list].map((element) => element.getBoundingClientRect());
    const [above, below] = [own!.top - list!.top, own!.bottom - list!.bottom];
    this.#list.scrollTop += Math.min(above, 0) + Math.max(below, 0);
  }

  /** Adds tabs until there are some beyond what is in view. */
  #drawAhead(): void {
    const { scrollTop, clientHeight, scrollHeight } = this.#list;
    if (scrollTop + clientHeight + AHEAD_PX >= scrollHeight) this.#draw();
  }

  #draw(): void {
    const next = this.#found.slice(this.#drawn, this.#drawn + CHUNK);
    this.#drawn += next.length;
    this.#list.append(...next.map((part) => this.#tabOf(part)));
  }

  /** Gives the tab of a part, and makes it first if need be. */
  #tabOf(part: number): HTMLButtonElement {
    const tab = this.#tabs.get(part) ?? this.#makeTab(this.#parts[part]!, part);
    this.#tabs.set(part, tab);
    return tab;
  }

  #makeTab({ name, verdict, operations }: PartData, part: number): HTMLButtonElement {
    const count = operations["client"] === undefined ? 0 : columnLength(operations["client"]);
    const heard = (text: string) => html("span", { class: "heard" }, text);
    const tab = html(
      "button",
      {
        type: "button",
        role: "tab",
        "aria-selected": String(part === this.#selected),
        tabindex: part === this.#selected ? 0 : -1,
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
    this.#found = [...this.#names.keys()].filter((i) => this.#names[i]!.includes(wanted));
    this.#tabs.clear();
    this.#list.replaceChildren();
    this.#drawn = 0;
    this.#draw();
    const isFound = this.#names[this.#selected]!.includes(wanted);
    if (isFound) this.select(this.#selected);
    // The keyboard reaches the list by one tab.
    else if (this.#found.length > 0) set(this.#tabOf(this.#found[0]!), { tabindex: 0 });
    const count = this.#found.length;
    say(this.#count, wanted === "" ? "" : `${count} of ${this.#parts.length} keys`);
  }

  #onKey(event: KeyboardEvent): void {
    const shown = [...this.#list.children] as HTMLButtonElement[];
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
