/// <reference lib="dom" />
/**
 * The heading of a part: its verdict, the reason, links to the operations that show it, and
 * the toolbar.
 *
 * @module
 */

import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import type { Verdict } from "../../linearizability/mod.ts";
import { operationName, reasonText } from "./details.ts";
import { html } from "./html.ts";
import { ZOOM_STEP } from "./interact.ts";
import { witnessesOf } from "./items.ts";
import type { Stage } from "./stage.ts";

/** The symbol of each verdict. */
export const MARKS: Record<Verdict, string> = {
  "not linearizable": "✗",
  inconclusive: "?",
  linearizable: "✓",
};

/** Returns the name of a part as the page shows it. The name is escaped already. */
export function partName(name: string): string {
  return name === "" ? "The object" : `Key "${name}"`;
}

/** The heading of the part that is shown.
 *
 * @param isRefuted True if any part is not linearizable. */
export function Head({ stage, isRefuted }: { stage: Stage; isRefuted: boolean }): VNode {
  const { name, verdict, reason } = stage.part;
  // A story says what went wrong already.
  const shown = stage.isTold ? undefined : reason;
  // A contradiction may name thousands of operations.
  const witnesses = useMemo(() => html`<${Witnesses} stage=${stage} />`, [stage.part]);
  return html`
    <div id="tools">
      <button type="button" aria-label="Zoom out"
        onClick=${() => stage.zoom(1 / ZOOM_STEP)}>−</button>
      <button type="button" aria-label="Zoom in" onClick=${() => stage.zoom(ZOOM_STEP)}>+</button>
      <button type="button" onClick=${() => stage.fit()}>Fit</button>
      ${stage.hasTimes && html`
        <button type="button" onClick=${() => stage.changeAxis()}>
          ${stage.axis.kind === "time" ? "Show by order" : "Show by time"}
        </button>
      `}
    </div>
    <section id="verdict" class=${verdict.replaceAll(" ", "-")}>
      <h2>${MARKS[verdict]} ${partName(name)} is ${verdict}${shown && `: ${shown.kind}`}</h2>
      ${shown && html`<p class="reason">${reasonText(stage)}.</p>`}
      <p class="count">${countText(stage, isRefuted)}</p>
      ${verdict === "not linearizable" && witnesses}
    </section>
  `;
}

function countText({ part: { verdict, operations, order } }: Stage, isRefuted: boolean): string {
  const count = `${order.length} of ${operations.length} operations`;
  if (verdict === "linearizable") {
    const left = operations.length - order.length;
    const others = left === 1 ? "one has" : `${left} have`;
    const rest = left === 0 ? "" : ` The other ${others} no result.`;
    return `${count} are in an order that explains them.${rest}`;
  }
  const why = verdict === "not linearizable"
    ? ""
    : isRefuted
    ? " It was not decided, because another key refutes the history."
    : " The check ran out of time or memory.";
  return `The longest order found holds ${count}.${why}`;
}

/** A link to each operation that shows the reason. */
function Witnesses({ stage }: { stage: Stage }): VNode {
  const { part, caller } = stage;
  return html`
    <div class="witnesses" role="group" aria-label="Operations that show why">
      ${witnessesOf(part).map((place) => {
        const { client, text } = part.operations[place]!;
        return html`
          <button type="button" key=${place} aria-label=${`Show ${operationName(stage, place)}`}
            onClick=${() => stage.show(place)}>
            ${place === part.stuck ? "✗" : "!"} ${caller} ${client}: ${text}
          </button>
        `;
      })}
    </div>
  `;
}
