/// <reference lib="dom" />
/**
 * The form that starts an operation on a clerk.
 *
 * @module
 */

import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { Action, Machine } from "../../protocol.ts";
import { LIMITS } from "../../protocol/limits.ts";
import { html } from "../../../visualizer/browser/html.ts";

type OperationName = "get" | "put" | "append";
const NAMES: readonly OperationName[] = ["append", "put", "get"];

const LETTERS = "abcdefghijklmnopqrstuvwxyz";

/** The properties of the form. */
export interface OperationFormProps {
  readonly machines: readonly Machine[];
  /** The number of operations so far: each gets another value. */
  readonly count: number;
  readonly act: (action: Action) => void;
}

/** The form. */
export function OperationForm({ machines, count, act }: OperationFormProps): VNode {
  const clerks = machines.filter(({ role }) => role === "clerk");
  const idle = clerks.filter(({ operation }) => operation === undefined);
  const [chosen, setClerk] = useState<number | undefined>();
  const [op, setOp] = useState<OperationName>("append");
  const [key, setKey] = useState("0");
  const [typed, setValue] = useState<string | undefined>();
  // A busy clerk cannot be chosen.
  const clerk = idle.find(({ index }) => index === chosen) ?? idle[0];
  const value = typed ?? LETTERS[count % LETTERS.length]!;
  const start = (event: Event) => {
    event.preventDefault();
    if (clerk === undefined) return;
    act({ act: "operation", clerk: clerk.index, op, key, ...op === "get" ? {} : { value } });
    setValue(undefined);
  };
  const text = (event: Event) => (event.target as HTMLInputElement).value;
  const option = (at: string | number, name: string, isChosen: boolean) =>
    html`<option key=${at} value=${at} selected=${isChosen}>${name}</option>`;
  return html`
    <form class="operation-form" onSubmit=${start} aria-label="Start an operation">
      <select aria-label="Clerk" disabled=${idle.length === 0}
        onChange=${(event: Event) => setClerk(Number(text(event)))}>
        ${idle.map(({ index, name }) => option(index, name, index === clerk?.index))}
        ${idle.length === 0 && html`<option>busy</option>`}
      </select>
      <select aria-label="Operation"
        onChange=${(event: Event) => setOp(text(event) as OperationName)}>
        ${NAMES.map((name) => option(name, name, name === op))}
      </select>
      <label>key <input value=${key} size="3" maxlength=${LIMITS.text} autocomplete="off"
        onInput=${(event: Event) => setKey(text(event))} /></label>
      ${op !== "get" && html`
        <label>value <input value=${value} size="5" maxlength=${LIMITS.text} autocomplete="off"
          onInput=${(event: Event) => setValue(text(event))} /></label>
      `}
      <button type="submit" class="main" disabled=${clerk === undefined}>Start</button>
    </form>
  `;
}
