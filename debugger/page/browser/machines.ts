/// <reference lib="dom" />
/**
 * The machines: their values, the reasons why their handlers wait, and the changes of the last
 * step.
 *
 * @module
 */

import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Handler, Machine, MessageOf } from "../../protocol.ts";
import { html } from "../../../visualizer/browser/html.ts";
import { Members } from "./values.ts";

/** If there are more machines, only those of the last step are open. */
const ALL_OPEN_MAX = 4;

/** The properties of {@linkcode Machines}. */
export interface MachinesProps {
  readonly shown: MessageOf<"position">;
  readonly operations: MessageOf<"run">["operations"];
  /** The machines that the last step is about. */
  readonly active: readonly string[];
}

/** All machines. */
export function Machines({ shown, operations, active }: MachinesProps): VNode {
  const { machines, position } = shown;
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    box.current!.querySelector(".active")?.scrollIntoView({ block: "nearest" });
  }, [position]);
  return html`<div id="machines" ref=${box}>
    ${
    machines.map((machine) =>
      html`
        <${MachineCard} key=${machine.name} machine=${machine} position=${position}
          isActive=${active.includes(machine.name)}
          isOpenAtFirst=${machines.length <= ALL_OPEN_MAX}
          operation=${machine.operation === undefined
            ? undefined
            : operations[machine.operation]} />
      `
    )
  }
  </div>`;
}

interface MachineCardProps {
  readonly machine: Machine;
  readonly position: number;
  readonly isActive: boolean;
  readonly isOpenAtFirst: boolean;
  readonly operation: MessageOf<"run">["operations"][number] | undefined;
}

function MachineCard(
  { machine, position, isActive, isOpenAtFirst, operation }: MachineCardProps,
): VNode {
  const { name, isUp, state, hasChanges, handlers, waitsFor } = machine;
  const isNews = isActive || hasChanges;
  // The choice of a person stays.
  const [chosen, setChosen] = useState<boolean | undefined>();
  const isOpen = chosen ?? (isOpenAtFirst || isNews);
  const toggle = (event: Event) => {
    event.preventDefault();
    setChosen(!isOpen);
  };
  return html`
    <details class=${`machine${isActive ? " active" : ""}`} open=${isOpen}>
      <summary onClick=${toggle}><h3>${name}</h3>
        ${!isUp && html`<span class="chip down">■ stopped</span>`}
        ${hasChanges && html`<span class="chip news">~ changed</span>`}</summary>
      ${operation !== undefined &&
        html`<p class="waits">${operation.text} ${waitText(waitsFor)}</p>`}
      ${handlers.map((handler) =>
        html`<p class="waits" key=${handler.message}>${handlerText(handler)}</p>`
      )}
      ${state === undefined
        ? html`<p class="empty">Not made yet</p>`
        : state.is === "text"
        ? html`<p class="empty">${state.text}</p>`
        : html`<${Members} of=${state} position=${position} />`}
    </details>
  `;
}

function handlerText({ message, method, from, waitsFor }: Handler): string {
  return `${method} for ${from} (request ${message + 1}) ${waitText(waitsFor)}`;
}

/** @param waitsFor Absent if unknown. */
function waitText(waitsFor: string | undefined): string {
  return waitsFor === undefined ? "is under way" : `waits for ${waitsFor}`;
}
