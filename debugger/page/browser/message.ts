/**
 * The message of the last step: its content and its history so far, as on the history page.
 *
 * @module
 */

import type { VNode } from "preact";
import { messageDetails } from "../../../visualizer/browser/details.ts";
import type { PageMessage } from "../../../visualizer/content.ts";
import type { Step } from "../../protocol.ts";
import { html } from "../../../visualizer/browser/html.ts";

/** The properties of {@linkcode MessageCard}. */
export interface MessageCardProps {
  readonly message: PageMessage;
  /** The steps so far. Later ones do not show. */
  readonly past: readonly Step[];
}

/** A message. */
export function MessageCard({ message, past }: MessageCardProps): VNode {
  const { status, rows } = messageDetails(messageAfter(message, past));
  return html`
    <details class="machine message">
      <summary><h3>Request ${message.id + 1}</h3><span class="about">${status}</span></summary>
      <dl>${rows.map(([label, text]) =>
        html`
          <div key=${label}>
            <dt>${label}</dt>
            <dd>${text}</dd>
          </div>
        `
      )}</dl>
    </details>
  `;
}

/** Returns what is known of a message after some steps. */
export function messageAfter(
  message: PageMessage,
  past: readonly Pick<Step, "kind" | "message">[],
): PageMessage {
  const { deliveredMs, repliedMs, receivedMs, timedOutMs, dropped, reply, ...sent } = message;
  const own = past.filter((step) => step.message === message.id);
  const kinds = new Set(own.map(({ kind }) => kind));
  return {
    ...sent,
    ...kinds.has("delivered") && { deliveredMs: deliveredMs! },
    ...kinds.has("replied") && { repliedMs: repliedMs!, ...reply !== undefined && { reply } },
    ...kinds.has("received") && { receivedMs: receivedMs! },
    ...kinds.has("timed out") && { timedOutMs: timedOutMs! },
    ...kinds.has("dropped") && { dropped: dropped! },
  };
}
