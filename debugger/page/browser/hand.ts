/// <reference lib="dom" />
/**
 * "Your turn": a card for each message in flight and for each caller that waits, the
 * servers, and a form that starts an operation. Each act is one command.
 *
 * @module
 */

import type { VNode } from "preact";
import type { Action, Flight, Machine, MessageOf, Waiting } from "../../protocol.ts";
import { useConnection } from "./context.ts";
import { html } from "./html.ts";
import { OperationForm } from "./operation_form.ts";

type Operations = MessageOf<"run">["operations"];

/** What is shown. */
export interface HandProps {
  readonly shown: MessageOf<"position">;
  readonly operations: Operations;
}

/** The cards and the form. */
export function Hand({ shown, operations }: HandProps): VNode {
  const connection = useConnection();
  const act = (action: Action) => connection.do({ do: "act", action });
  const { flights, waiting, machines, startsBranch, position, actsAt } = shown;
  const servers = machines.filter(({ role }) => role === "server");
  const isQuiet = flights.length === 0 && waiting.length === 0;
  const where = actsAt === position ? "here" : `after event ${actsAt}`;
  return html`
    <section id="hand" aria-labelledby="hand-title">
      <div class="line">
        <h2 id="hand-title">Your turn</h2>
        ${startsBranch && html`<p class="hint">Acting starts a new branch ${where}</p>`}
        <span class="space"></span>
        <button type="button" title="Time passes until something happens by itself"
          onClick=${() => act({ act: "wait" })}>Wait</button>
        <button type="button" title="Deliver everything that is not held, until all is quiet"
          onClick=${() => act({ act: "run on" })}>Run on by itself</button>
      </div>
      <${OperationForm} machines=${machines} count=${operations.length} act=${act} />
      <ul class="cards" aria-label="Messages in flight and waiting callers">
        ${flights.map((flight) =>
          html`<${FlightCard} key=${`${flight.message} ${flight.what}`} flight=${flight}
            operations=${operations} act=${act} />`
        )}
        ${waiting.map((wait) =>
          html`<${WaitingCard} key=${`wait ${wait.message}`} waiting=${wait} act=${act} />`
        )}
        ${isQuiet && html`<li class="empty">No message is in flight</li>`}
      </ul>
      <ul class="servers" aria-label="Servers">
        ${servers.map((server) => html`<${ServerSwitch} key=${server.name} server=${server}
          act=${act} />`)}
      </ul>
    </section>`;
}

interface Acting {
  readonly act: (action: Action) => void;
}

/** A message on its way. */
function FlightCard(
  { flight, operations, act }: Acting & { flight: Flight; operations: Operations },
): VNode {
  const { message, what, from, to, isHeld, isLate, isCopy } = flight;
  const name = `${what} ${message + 1}`;
  const button = (verb: "deliver" | "drop" | "hold" | "release", text: string) =>
    html`<button type="button" aria-label=${`${text} ${name}`}
      onClick=${() => act({ act: verb, message, what })}>${text}</button>`;
  return html`
    <li class=${`card ${what}${isHeld ? " held" : ""}`}>
      <p class="way"><strong>${name}</strong> ${from} → ${to}
        ${isCopy && html`<span class="chip">copy</span>`}
        ${isLate && html`<span class="chip">too late</span>`}
        ${isHeld && html`<span class="chip">held back</span>`}</p>
      <p class="carried">${carriedText(flight, operations)}</p>
      <div class="acts">${button("deliver", "Deliver")}${button("drop", "Drop")}${
        isHeld ? button("release", "Release") : button("hold", "Hold back")
      }</div>
    </li>`;
}

/** A caller that may give up. */
function WaitingCard({ waiting, act }: Acting & { waiting: Waiting }): VNode {
  const { message, from, to, dueMs } = waiting;
  const name = `timeout of request ${message + 1}`;
  return html`
    <li class="card timeout">
      <p class="way"><strong>timeout ${message + 1}</strong> ${from} waits for ${to}</p>
      <p class="carried">gives up at ${dueMs.toFixed(1)} ms</p>
      <div class="acts"><button type="button" aria-label=${`Fire now: ${name}`}
        onClick=${() => act({ act: "fire", message })}>Fire now</button></div>
    </li>`;
}

function ServerSwitch({ server, act }: Acting & { server: Machine }): VNode {
  const { name, index, isUp } = server;
  return html`<li>${isUp ? "▶" : "■"} ${name} ${isUp ? "is up" : "is stopped"}
    <button type="button" aria-label=${`${isUp ? "Stop" : "Start"} ${name}`}
      onClick=${() => act({ act: isUp ? "stop" : "start", server: index })}>${
    isUp ? "Stop" : "Start"
  }</button></li>`;
}

/** What a message carries: for a request its operation, for a reply its value. */
function carriedText({ what, method, carried, operation }: Flight, operations: Operations): string {
  const name = method.split(".").at(-1)!;
  const own = operation === undefined ? undefined : operations[operation];
  if (what === "request" && own !== undefined && own.op === name) return own.text;
  const value = what === "reply" ? valueOf(carried) : undefined;
  return `${name} ${value ?? carried}`;
}

function valueOf(carried: string): string | undefined {
  try {
    const { value } = JSON.parse(carried);
    return value === undefined ? undefined : JSON.stringify(value);
  } catch {
    return undefined;
  }
}
