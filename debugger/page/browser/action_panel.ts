/// <reference lib="dom" />
/**
 * "Your turn": a card for each call with a message in flight or a caller that waits, the
 * servers, and a form that starts an operation. Each act is one command.
 *
 * @module
 */

import type { VNode } from "preact";
import { useMemo, useRef } from "preact/hooks";
import type { Action, Machine, MessageOf, Operation } from "../../protocol.ts";
import {
  type Call,
  callsOf,
  callText,
  flightText,
  operationsByMessage,
  routeText,
} from "./calls.ts";
import { useConnection } from "./context.ts";
import { html } from "../../../visualizer/browser/html.ts";
import { OperationForm } from "./operation_form.ts";

/** The properties of {@linkcode ActionPanel}. */
export interface ActionPanelProps {
  readonly shown: MessageOf<"position">;
  readonly run: MessageOf<"run">;
}

/** The cards and the form. */
export function ActionPanel({ shown, run }: ActionPanelProps): VNode {
  const connection = useConnection();
  const box = useRef<HTMLElement>(null);
  const act = async (action: Action) => {
    await connection.do({ do: "act", action });
    keepFocus(box.current);
  };
  const { machines, startsBranch, position, actsAt } = shown;
  const calls = callsOf(shown);
  const operations = useMemo(() => operationsByMessage(run), [run]);
  const servers = machines.filter(({ role }) => role === "server");
  const isBetween = actsAt !== position;
  return html`
    <section id="hand" ref=${box} aria-labelledby="hand-title">
      <div class="line">
        <h2 id="hand-title">Your turn</h2>
        <${OperationForm} machines=${machines} count=${run.operations.length} act=${act} />
        <span class="acts">
          <button type="button" title="Time passes until the next timeout or timer"
            onClick=${() => act({ act: "wait" })}>Wait</button>
          <button type="button"
            title="All messages that are not held arrive, until nothing is left to happen"
            onClick=${() => act({ act: "run on" })}>Run on</button>
        </span>
      </div>
      <div class="line">
        <${Hint} startsBranch=${startsBranch} actsAt=${isBetween ? actsAt : undefined} />
        <span class="acts servers">${servers.map((server) =>
          html`<${ServerSwitch} key=${server.name} server=${server} act=${act} />`
        )}</span>
      </div>
      <ul class="cards" tabindex="0" aria-label="Calls under way">
        ${calls.map((call) =>
          html`
            <${CallCard} key=${call.message} call=${call}
              operation=${operations.get(call.message)} isDisabled=${isBetween} act=${act} />
          `
        )}
        ${calls.length === 0 && html`<li class="empty">No message is in flight.</li>`}
      </ul>
    </section>
  `;
}

/** Says where an action takes place, if that is not obvious.
 *
 * @param actsAt The next position at which a person can act, if that is another one. */
function Hint({ startsBranch, actsAt }: { startsBranch: boolean; actsAt?: number }): VNode {
  const connection = useConnection();
  if (actsAt !== undefined) {
    return html`
      <p class="hint"
        title="Several events happen at this time. You can act after the last of them.">To act, go to${" "}
        <button type="button" onClick=${() => connection.seek(actsAt)}>event ${actsAt}</button></p>
    `;
  }
  return html`<p class="hint">${startsBranch ? "To act here starts a new branch." : ""}</p>`;
}

/** Moves the focus to the next action if the focused button is gone. */
function keepFocus(box: HTMLElement | null): void {
  requestAnimationFrame(() => {
    if (document.activeElement !== document.body) return;
    box?.querySelector<HTMLElement>(".cards button, button.main")?.focus();
  });
}

interface Acting {
  readonly act: (action: Action) => void;
}

interface CallCardProps extends Acting {
  readonly call: Call;
  readonly operation: Operation | undefined;
  readonly isDisabled: boolean;
}

/** A call, and what can be done with its message and its caller. */
function CallCard({ call, operation, isDisabled, act }: CallCardProps): VNode {
  const { message, flight, waiting } = call;
  const number = message + 1;
  const button = (verb: "deliver" | "drop" | "hold" | "release", text: string) =>
    html`
      <button type="button" aria-label=${`${text} ${flight!.what} ${number}`}
        disabled=${isDisabled}
        onClick=${() => act({ act: verb, message, what: flight!.what })}>${text}</button>
    `;
  const text = callText(call, operation);
  return html`
    <li class=${`card${flight?.isHeld ? " held" : ""}`}>
      <span class="number">${number}</span>
      <span class="way">${routeText(call)}</span>
      <strong title=${text}>${text}</strong>
      <span class="state">${flightText(flight)}</span>
      <span class="acts">
        ${flight !== undefined &&
          html`${button("deliver", "Deliver")}${button("drop", "Drop")}${
            flight.isHeld ? button("release", "Release") : button("hold", "Hold back")
          }`}
        ${waiting !== undefined && html`
          <button type="button" class="fire" disabled=${isDisabled}
            title=${`${waiting.from} gives up at ${waiting.dueMs.toFixed(1)} ms`}
            aria-label=${`Fire timeout of request ${number} now`}
            onClick=${() => act({ act: "fire", message })}>Fire timeout</button>
        `}
      </span>
    </li>
  `;
}

function ServerSwitch({ server, act }: Acting & { server: Machine }): VNode {
  const { name, index, isUp } = server;
  return html`
    <button type="button" class=${isUp ? "" : "down"}
      onClick=${() => act({ act: isUp ? "stop" : "start", server: index })}>
        ${isUp ? `Stop ${name}` : `Start ${name}`}</button>
  `;
}
