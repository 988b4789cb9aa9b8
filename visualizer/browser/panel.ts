/// <reference lib="dom" />
/**
 * What is told about the item that the reader points at, in a box at the pointer, and
 * about the pinned one, in the panel. The panel is a live region: a screen reader says
 * what comes into it.
 *
 * @module
 */

import type { VNode } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { type Details, detailsOf } from "./details.ts";
import { html } from "./html.ts";
import { afterIn } from "./interact.ts";
import { type Item, witnessesOf } from "./items.ts";
import type { Stage } from "./stage.ts";

/** The number of characters of a value in the box at the pointer. */
const TIP_LENGTH_MAX = 240;
/** The distance of the box from the pointer, and from the edges of the page. */
const TIP_APART_PX = 14;

/** The box at the pointer. */
export function Tip({ stage }: { stage: Stage }): VNode {
  const box = useRef<HTMLElement>(null);
  const { hovered, pointer: { xPx, yPx } } = stage;
  useLayoutEffect(() => {
    const { offsetWidth, offsetHeight, style } = box.current!;
    const isLow = yPx + TIP_APART_PX + offsetHeight > innerHeight;
    const left = Math.min(xPx + TIP_APART_PX, innerWidth - offsetWidth - TIP_APART_PX);
    const top = isLow ? yPx - TIP_APART_PX - offsetHeight : yPx + TIP_APART_PX;
    style.transform = `translate(${Math.max(left, 0)}px, ${Math.max(top, 0)}px)`;
  });
  const details = hovered && detailsOf(stage, hovered);
  const rows = details?.rows.filter(({ isLong }) => !isLong)
    .map(({ label, text }) => ({ label, text: shorten(text) }));
  return html`
    <div id="tip" ref=${box} hidden=${hovered === undefined}>
      ${details && html`<${Description} ...${details} rows=${rows} />`}
    </div>
  `;
}

/** The panel. */
export function Panel({ stage }: { stage: Stage }): VNode {
  const { pinned } = stage;
  return html`
    <div id="pinned" aria-live="polite">${pinned && html`
      <${Description} ...${detailsOf(stage, pinned)} />
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
        button("Next that tells why", afterIn(witnesses, place))}
      <button type="button" onClick=${() => stage.pin(undefined)}>Unpin</button>
    </div>
  `;
}

function Description({ title, status, rows }: Details): VNode {
  return html`
    <h3>${title}</h3>
    <p class="status">${status}</p>
    <dl>${rows.map(({ label, text }) =>
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
