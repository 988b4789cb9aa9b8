/// <reference lib="dom" />
/**
 * Starts the page: unpacks its content and connects its views.
 *
 * @module
 */

import { render, type VNode } from "preact";
import type { PageContent } from "../content.ts";
import { Head } from "./head.ts";
import { html } from "./html.ts";
import { listen } from "./interact.ts";
import { Lanes } from "./lanes.ts";
import { Messages } from "./network.ts";
import { Overview } from "./overview.ts";
import { Panel, Tooltip } from "./panel.ts";
import { Stage } from "./stage.ts";
import { Tabs } from "./tabs.ts";
import { changeTheme } from "./theme.ts";

function byId(id: string): HTMLElement {
  return document.getElementById(id)!;
}

/** Reads the content: JSON, packed by gzip, in base 64. */
async function readContent(): Promise<PageContent> {
  const packed = Uint8Array.from(atob(byId("data").textContent), (byte) => byte.charCodeAt(0));
  const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return await new Response(unpacked).json();
}

/** Shows a history, one part at a time. */
function showHistory(content: PageContent): void {
  const { parts } = content;
  let shown = -1;
  const isTold = document.getElementById("story") !== null;
  const isRefuted = parts.some(({ verdict }) => verdict === "not linearizable");
  const boxes = { operation: byId("operations-pane"), message: byId("network-pane") };
  const views: Record<string, () => VNode> = {
    head: () => html`<${Head} stage=${stage} isRefuted=${isRefuted} />`,
    overview: () => html`<${Overview} stage=${stage} />`,
    "operations-pane": () => html`<${Lanes} stage=${stage} />`,
    "network-pane": () => html`<${Messages} stage=${stage} />`,
    panel: () => html`<${Panel} stage=${stage} />`,
    pointed: () => html`<${Tooltip} stage=${stage} />`,
  };
  const draw = (only?: string) => {
    for (const id of only === undefined ? Object.keys(views) : [only]) {
      if (!byId(id).hidden) render(views[id]!(), byId(id));
    }
  };
  const stage = new Stage(content, isTold, boxes, draw);
  const show = (place: number) => {
    if (place === shown) return;
    const part = parts[place]!;
    if (shown >= 0) {
      history.replaceState(null, "", `#${new URLSearchParams({ key: part.name })}`);
    }
    shown = place;
    stage.showPart(part);
    render(html`<${Tabs} parts=${parts} selected=${place} onChoose=${show} />`, byId("parts"));
  };
  /** Returns the index of the part that the address names, or -1. */
  const partInAddress = () => {
    const name = new URLSearchParams(location.hash.slice(1)).get("key");
    return parts.findIndex((part) => part.name === name);
  };
  byId("parts").hidden = parts.length === 1;
  show(Math.max(partInAddress(), 0));
  listen(stage);
  boxes.operation.addEventListener("scroll", () => stage.draw());
  new ResizeObserver(() => stage.draw()).observe(boxes.operation);
  addEventListener("hashchange", () => {
    if (partInAddress() >= 0) show(partInAddress());
  });
  // A printed page holds all rows, including those out of view.
  addEventListener("beforeprint", () => stage.drawNow(true));
}

byId("theme").addEventListener("click", changeTheme);
const content = await readContent();
if (content.parts.length > 0) showHistory(content);
else byId("page").outerHTML = `<main id="nothing">There are no operations to draw.</main>`;
