/**
 * The keys, and the meaning of the symbols in the diagram.
 *
 * @module
 */

import type { VNode } from "preact";
import { html } from "../../../visualizer/browser/html.ts";

const KEYS: readonly [keys: string, what: string][] = [
  ["← →", "Previous and next event"],
  ["Shift and ← →", "Previous and next message that is sent, arrives or is lost"],
  ["< >", "Previous and next call or return of an operation"],
  ["Home End", "Beginning and end"],
  ["Space", "Play, pause"],
  ["Click in the diagram", "Go to that event"],
];

/** The keys and the symbols. */
export function Keys(): VNode {
  return html`
    <dl class="keys">${KEYS.map(([keys, what]) =>
      html`
        <div key=${keys}>
          <dt>${keys}</dt>
          <dd>${what}</dd>
        </div>
      `
    )}</dl>
    <ul class="legend">
      <li><svg width="44" height="22" aria-hidden="true">
        <path class="stroke" d="M2 4L36 17" /><path class="stroke head" d="M38 18l-8 0l3 -5z" />
      </svg> A message, from the event that sends it to the one at which it arrives</li>
      <li><svg width="44" height="22" aria-hidden="true">
        <path class="stroke lost" d="M2 4L26 15" /><path class="stroke cross" d="M22 11l8 8m0 -8l-8 8" />
      </svg> Lost on the way</li>
      <li><svg width="44" height="22" aria-hidden="true" class="dots">
        <path class="stroke under-way" d="M2 4L24 14" /><circle class="dot" cx="24" cy="14" r="4" />
      </svg> Under way</li>
      <li><svg width="44" height="22" aria-hidden="true">
        <path class="now" d="M0 11H44" />
      </svg> Now: events below it are still to come</li>
      <li><span class="failed-sign" aria-hidden="true">✗</span>
        The events that show the failure</li>
    </ul>
  ` as VNode;
}
