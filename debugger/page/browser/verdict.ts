/// <reference lib="dom" />
/**
 * The verdict on the history up to the position, the error that stopped the student's code, and the
 * effect of a change of the files.
 *
 * @module
 */

import type { VNode } from "preact";
import type { MessageOf, Trouble, Verdict, Violation } from "../../protocol.ts";
import { useConnection } from "./context.ts";
import { html } from "../../../visualizer/browser/html.ts";

/** The judgement of the history. */
export function VerdictLine(
  { verdict, operations, position }: { verdict: Verdict; operations: number; position: number },
): VNode {
  const connection = useConnection();
  const so = operations === 0
    ? "no operation has returned"
    : `${operations} ${operations === 1 ? "operation" : "operations"} so far`;
  const line = () => {
    switch (verdict.is) {
      case "linearizable":
        return html`<p>✓ Linearizable, ${so}</p>`;
      case "inconclusive":
        return html`<p>? The check took too long, ${so}</p>`;
      case "violated":
        return html`<${ViolationText} violation=${verdict.violation} />
          ${
          verdict.since < position && html`
            <button type="button"
              onClick=${() => connection.seek(verdict.since)}>Since event ${verdict.since}</button>
          `
        }`;
    }
  };
  return html`<section id="verdict" tabindex="0" class=${verdict.is} role="status" aria-label="Verdict">
    ${line()}</section>`;
}

function ViolationText({ violation }: { violation: Violation }): VNode {
  const { what, operation, expected, actual, where = [], hint } = violation;
  const rows = [
    ["Operation", operation],
    ["Expected", expected],
    ["Actual", actual],
    ["Where", where.length === 0 ? undefined : where.join("\n")],
    ["Hint", hint],
  ].filter(([, text]) => text !== undefined);
  return html`
    <p>✗ ${what}</p>
    <dl>${rows.map(([label, text]) =>
      html`
        <div key=${label}>
          <dt>${label}</dt>
          <dd class=${label === "Hint" ? "prose" : ""}>${text}</dd>
        </div>
      `
    )}</dl>
  ` as VNode;
}

/** The words for code that did not come back. */
const TROUBLES: Record<Trouble["kind"], string> = {
  "threw": "Your code threw an error",
  "never yields": "Your code never yields",
  "out of memory": "Your code filled the memory",
  "stuck": "The run makes no progress",
  "ended": "Your code ended the process",
};

/** The properties of {@linkcode TroubleBanner}. */
export interface TroubleProps {
  readonly trouble: Trouble;
  /** The position that is shown. */
  readonly at: number;
  /** True if the verdict already gives the reason. */
  readonly isTold: boolean;
}

/** Says at which event the student's code stopped, and why. */
export function TroubleBanner({ trouble, at, isTold }: TroubleProps): VNode {
  const connection = useConnection();
  const { kind, what, hint, where = [], position, machine } = trouble;
  const place = `${machine === undefined ? "" : ` on ${machine}`} after event ${position}`;
  return html`
    <section class="banner bad" role="alert" tabindex="0">
      <p><strong>✗ ${TROUBLES[kind]}${place}.</strong>${position !== at && html`
        ${" "}<button type="button" onClick=${() =>
          connection.seek(position)}>Show event ${position}</button>
      `}</p>
      ${!isTold && html`
        <pre>${[what, ...where].join("\n")}</pre>
        ${hint !== undefined && html`<p>${hint}</p>`}
      `}
    </section>
  `;
}

/** Describes the difference that a change of the files made. */
export function ReloadBanner({ reloaded }: { reloaded: MessageOf<"reloaded"> }): VNode {
  const connection = useConnection();
  const { files, sentence, sameUntil, before, now, failsNow } = reloaded;
  const told = `${failsNow ? "✗" : "✓"} ${files.join(" and ")} changed. ${sentence}`;
  return html`
    <section class=${`banner ${failsNow ? "bad" : "good"}`} role="status" tabindex="0">
      <p><strong>${told}</strong></p>
      ${before !== undefined && html`<p class="difference">
        <span>Event ${sameUntil + 1} before:</span> ${before}</p>`}
      ${now !== undefined && html`<p class="difference"><span>now:</span> ${now}</p>`}
      <div class="acts">
        ${(before ?? now) !== undefined && html`
          <button type="button"
            onClick=${() =>
              connection.seek(sameUntil)}>Show the last event that is the same</button>
        `}
        <button type="button" onClick=${() => connection.dismissReload()}>Close</button>
      </div>
    </section>
  `;
}
