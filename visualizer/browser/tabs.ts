/// <reference lib="dom" />
/**
 * The list of parts: one tab each, and a search by key.
 *
 * @module
 */

import type { VNode } from "preact";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { PagePart } from "../content.ts";
import { MARKS, partName } from "./head.ts";
import { html } from "./html.ts";

/** The number of tabs that scrolling adds at once: a history may have 100,000 keys. */
const CHUNK = 200;
/** The distance from the end of the list at which more tabs are added, in pixels. */
const AHEAD_PX = 600;

/** The properties of {@linkcode Tabs}. */
export interface TabsProps {
  readonly parts: readonly PagePart[];
  readonly selected: number;
  readonly onChoose: (part: number) => void;
}

/** The list. It holds the selected tab and all tabs down to the scroll position. */
export function Tabs({ parts, selected, onChoose }: TabsProps): VNode {
  const [wanted, setWanted] = useState("");
  const [count, setCount] = useState(CHUNK);
  const list = useRef<HTMLElement>(null);
  const found = useMemo(
    () => [...parts.keys()].filter((i) => parts[i]!.name.toLowerCase().includes(wanted)),
    [parts, wanted],
  );
  const isFound = useMemo(() => found.includes(selected), [found, selected]);
  const shown = found.slice(0, count);
  // A part that the address names may be far down; its tab then comes first.
  if (isFound && !shown.includes(selected)) shown.unshift(selected);
  useLayoutEffect(() => bringIntoView(list.current!), [selected]);
  const onSearch = (event: InputEvent) => {
    setWanted((event.currentTarget as HTMLInputElement).value.trim().toLowerCase());
    setCount(CHUNK);
  };
  const onScroll = ({ currentTarget }: Event) => {
    const { scrollTop, clientHeight, scrollHeight } = currentTarget as Element;
    if (scrollTop + clientHeight + AHEAD_PX >= scrollHeight) setCount(count + CHUNK);
  };
  return html`
    <input type="search" placeholder="Search by key" aria-label="Search by key"
      onInput=${onSearch} onKeyDown=${({ key }: KeyboardEvent) => {
        if (key === "Enter" && found.length > 0) onChoose(found[0]!);
      }} />
    <p id="search-count" role="status">
      ${wanted !== "" && `${found.length} of ${parts.length} keys`}
    </p>
    <div id="tabs" ref=${list} role="tablist" aria-orientation="vertical" aria-label="Keys"
      onKeyDown=${onKey} onScroll=${onScroll}>
      ${shown.map((place) =>
        html`
          <${Tab} key=${place} part=${parts[place]} isSelected=${place === selected}
            isReached=${place === (isFound ? selected : found[0])}
            onChoose=${() => onChoose(place)} />
        `
      )}
    </div>
  `;
}

interface TabProps {
  readonly part: PagePart;
  readonly isSelected: boolean;
  /** True if the Tab key enters the list here. */
  readonly isReached: boolean;
  readonly onChoose: () => void;
}

function Tab({ part, isSelected, isReached, onChoose }: TabProps): VNode {
  const { name, verdict, operations: { length } } = part;
  return html`
    <button type="button" role="tab" aria-controls="part" aria-selected=${String(isSelected)}
      tabindex=${isReached ? 0 : -1} class=${verdict.replaceAll(" ", "-")}
      title=${`${partName(name)}: ${verdict}`} onClick=${onChoose}>
      <span class="mark" aria-hidden="true">${MARKS[verdict]}</span>
      <span class="name">${name || "(unnamed)"}</span>
      <span class="heard">: ${verdict}, </span>
      <span class="count">${length}</span>
      <span class="heard"> ${length === 1 ? "operation" : "operations"}</span>
    </button>
  `;
}

/** Scrolls the list only; `scrollIntoView` would scroll the page too. */
function bringIntoView(list: HTMLElement): void {
  const own = list.querySelector("[aria-selected=true]")?.getBoundingClientRect();
  const { top, bottom } = list.getBoundingClientRect();
  if (own) list.scrollTop += Math.min(own.top - top, 0) + Math.max(own.bottom - bottom, 0);
}

function onKey(event: KeyboardEvent): void {
  const tabs = [...(event.currentTarget as Element).children] as HTMLElement[];
  const at = tabs.indexOf(document.activeElement as HTMLElement);
  const next = {
    ArrowDown: at + 1,
    ArrowRight: at + 1,
    ArrowUp: at - 1,
    ArrowLeft: at - 1,
    Home: 0,
    End: tabs.length - 1,
  }[event.key];
  if (next === undefined || at < 0) return;
  event.preventDefault();
  const tab = tabs[(next + tabs.length) % tabs.length]!;
  tab.click();
  tab.focus();
}
