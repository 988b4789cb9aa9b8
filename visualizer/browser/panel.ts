/// <reference lib="dom" />
/**
 * Details: a tooltip about the item at the pointer, and a panel about the pinned item. The
 * panel is a live region, so that a screen reader reads its changes.
 *
 * @module
 */

import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import { type Details, detailsOf } from "./details.ts";
import { html } from "./html.ts";
import { nextInCycle } from "./interact.ts";
import { type Item, witnessesOf } from "./items.ts";
import type { Stage } from "./stage.ts";

/** The length of a value in the tooltip. */
const TIP_LENGTH_MAX = 240;
/** The distance of the tooltip from the pointer and from the edges of the window. */
const TIP_APART_PX = 14;

/** The tooltip. It stays in the window: in a translation, 100% is the element's own size. */
export function Tooltip({ stage }: { stage: Stage }): VNode {
  const { hovered, pointer: { xPx, yPx } } = stage;
  const left = `clamp(0px, ${xPx + TIP_APART_PX}px, 100vw - 100% - ${TIP_APART_PX}px)`;
  const isLow = yPx > innerHeight / 2;
  const beside = isLow ? `${yPx - TIP_APART_PX}px - 100%` : `${yPx + TIP_APART_PX}px`;
  const top = `clamp(0px, ${beside}, 100vh - 100% - ${TIP_APART_PX}px)`;
  const details = hovered && detailsOf(stage, hovered);
  const rows = details?.rows.map(([label, text]) => [label, shorten(text)]);
  return html`
    <div id="tip" hidden=${!details} style=${{ transform: `translate(${left}, ${top})` }}>
      ${details && html`<${Description} ...${details} rows=${rows} moreRows=${[]} />`}
    </div>
  `;
}

/** The panel. */
export function Panel({ stage }: { stage: Stage }): VNode {
  const { pinned, axis } = stage;
  const details = useMemo(() => pinned && detailsOf(stage, pinned), [pinned, axis]);
  return html`
    <div id="pinned" aria-live="polite">${details && html`
      <${Description} ...${details} />
      <${Buttons} stage=${stage} item=${pinned} />
    `}</div>
    <p id="nothing-pinned" hidden=${pinned !== undefined}>
      Point at a bar or a message to read about it. Click it to keep it here.
    </p>
  `;
}

function Buttons({ stage, item: { kind, place } }: { stage: Stage; item: Item }): VNode {
  const { part, layout } = stage;
  const isOperation = kind === "operation";
  const number = isOperation ? layout.numbers[place]! : 0;
  const witnesses = isOperation ? witnessesOf(part) : [];
  const button = (text: string, next: number | undefined) =>
    next !== undefined && html`
      <button type="button" onClick=${() => {
        stage.focus({ kind, place: next });
        stage.pin({ kind, place: next });
      }}>${text}</button>
    `;
  return html`
    <div class="buttons">
      ${button("← Before in the order", part.order[number - 2])}
      ${number > 0 && button("Next in the order →", part.order[number])}
      ${witnesses.length > 1 && witnesses.includes(place) &&
        button("Next that shows why", nextInCycle(witnesses, place))}
      <button type="button" onClick=${() => stage.pin(undefined)}>Unpin</button>
    </div>
  `;
}

function Description({ title, status, rows, moreRows = [] }: Details): VNode {
  return html`
    <h3>${title}</h3>
    <p class="status">${status}</p>
    <dl>${[...rows, ...moreRows].map(([label, text]) =>
      html`
        <dt>${label}</dt>
        <dd>${text}</dd>
      `
    )}</dl>
  `;
}

function shorten(text: string): string {
  if (text.length <= TIP_LENGTH_MAX) return text;
  const half = TIP_LENGTH_MAX / 2;
  return `${text.slice(0, half)} … ${text.slice(-half)}`;
}
