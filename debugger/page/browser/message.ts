/**
 * The message that the last step is about: what it carries, and what has become of it so
 * far, as the history page tells it.
 *
 * @module
 */

import type { VNode } from "preact";
import { messageDetails } from "../../../visualizer/browser/details.ts";
import type { PageMessage } from "../../../visualizer/content.ts";
import { html } from "./html.ts";

/** A message at a time.
 *
 * @param atMs What comes later is not told. */
export function MessageCard({ message, atMs }: { message: PageMessage; atMs: number }): VNode {
  const { status, rows } = messageDetails(messageAt(message, atMs));
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

/** Returns what is known of a message at a time. */
export function messageAt(message: PageMessage, atMs: number): PageMessage {
  const { deliveredMs, repliedMs, receivedMs, timedOutMs, dropped, reply, ...sent } = message;
  const isPast = (ms: number | undefined) => ms !== undefined && ms <= atMs;
  return {
    ...sent,
    ...isPast(deliveredMs) && { deliveredMs: deliveredMs! },
    ...isPast(repliedMs) && { repliedMs: repliedMs!, ...reply !== undefined && { reply } },
    ...isPast(receivedMs) && { receivedMs: receivedMs! },
    ...isPast(timedOutMs) && { timedOutMs: timedOutMs! },
    ...isPast(dropped?.atMs) && { dropped: dropped! },
  };
}
