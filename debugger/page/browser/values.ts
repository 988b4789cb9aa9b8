/// <reference lib="dom" />
/**
 * Values inside machines: fields as rows, maps as tables, objects as trees, and marks at the changes
 * of the last step.
 *
 * @module
 */

import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Change, Member, Shown } from "../../protocol.ts";
import { useConnection } from "./context.ts";
import { html } from "../../../visualizer/browser/html.ts";
import { compactText, isSimple, mapColumns } from "./value_text.ts";

type Group = Exclude<Shown, { is: "text" }>;

/** The words for a change, so that color is not the only sign. */
const CHANGES: Record<Change, string> = {
  added: "+ added",
  changed: "~ changed",
  removed: "− removed",
};

/** The mark of a change. */
export function ChangeMark({ change }: { change: Change | undefined }): VNode | null {
  return change === undefined
    ? null
    : html`<span class=${`change ${change}`}>${CHANGES[change]}</span>` as VNode;
}

/** The members of an object, a list, a map or a set; all of them if the reader asks for them.
 *
 * @param position The position at which it is shown. */
export function Members({ of, position }: { of: Group; position: number }): VNode {
  const { opened, open } = useOpened(of, position);
  const isUnread = of.members.length === 0 && of.path !== undefined;
  useEffect(() => {
    if (isUnread) open();
  }, [isUnread, position]);
  const shown = opened !== undefined && opened.is !== "text" ? opened : of;
  if (shown.members.length === 0) {
    return html`<p class="empty">${shown.path === undefined ? "empty" : "…"}</p>`;
  }
  return html`
    ${shown.is === "map" ? html`<${MapTable} of=${shown} position=${position} />` : html`
      <div class="fields">${shown.members.map((member, i) =>
        html`<${Field} key=${member.name ?? i} member=${member} position=${position} />`
      )}</div>
    `}
    ${shown === of && of.path !== undefined && html`
      <button type="button" class="more-of" onClick=${open}>
        Show all ${of.size.toLocaleString("en")}</button>
    `}
  ` as VNode;
}

/** One member, in a line or as a tree that can be closed. */
function Field({ member, position }: { member: Member; position: number }): VNode {
  const { name, value, change } = member;
  const isTree = value.is !== "text" && !isSimple(value);
  const hasChanges = change !== undefined || (value.is !== "text" && value.hasChanges === true);
  // The choice of a person stays, and a field that has changed once stays open.
  const [chosen, setChosen] = useState<boolean | undefined>();
  const hadChanges = useRef(false);
  hadChanges.current ||= hasChanges;
  const isOpen = chosen ?? (hadChanges.current || opensByItself(value));
  const toggle = (event: Event) => {
    event.preventDefault();
    setChosen(!isOpen);
  };
  const label = name === undefined ? null : html`<span class="name">${name}</span>`;
  if (!isTree) {
    return html`<div class=${`field ${change ?? ""}`}>
      ${label}<${Text} of=${value} position=${position} /><${ChangeMark} change=${change} /></div>`;
  }
  return html`
    <details class=${`field ${change ?? ""}`} open=${isOpen}>
      <summary onClick=${toggle}>${label}<span class="kind">${kindOf(value)}</span>
        <${ChangeMark} change=${change} /></summary>
      ${isOpen && html`<${Members} of=${value} position=${position} />`}
    </details>
  `;
}

/** A map as a table; if its values are objects with the same few fields, each field is a
 * column. */
function MapTable({ of, position }: { of: Group; position: number }): VNode {
  const columns = mapColumns(of.members);
  const value = (shown: Shown) => html`<${Text} of=${shown} position=${position} />`;
  return html`
    <table>
      <thead>
        <tr>
        <th scope="col">key</th>
        ${(columns ?? ["value"]).map((name) => html`<th scope="col" key=${name}>${name}</th>`)}
        <th><span class="heard">What changed</span></th>
      </tr>
      </thead>
      <tbody>${of.members.map(({ key, value: held, change }) => {
        const inside = change ?? (held.is !== "text" && held.hasChanges ? "changed" : undefined);
        return html`<tr key=${key && compactText(key)} class=${inside ?? ""}>
          <th scope="row">${key && value(key)}</th>
          ${
          columns === undefined
            ? html`<td>${value(held)}</td>`
            : columns.map((name) => html`<td key=${name}>${cell(held, name, value)}</td>`)
        }
          <td><${ChangeMark} change=${inside} /></td></tr>`;
      })}</tbody>
    </table>
  `;
}

function cell(held: Shown, name: string, show: (shown: Shown) => VNode): VNode | null {
  const member = held.is === "text" ? undefined : held.members.find((own) => own.name === name);
  if (member === undefined) return null;
  return member.change === undefined
    ? show(member.value)
    : html`<strong>${show(member.value)}</strong>` as VNode;
}

/** A value in a line, or a small tree if it does not fit into one. */
function Text({ of, position }: { of: Shown; position: number }): VNode {
  const { opened, open } = useOpened(of, position);
  const value = opened ?? of;
  if (value.is !== "text" && !isSimple(value)) {
    return html`
      <details class="inner" open=${value.hasChanges === true}>
        <summary>${kindOf(value)}</summary>
        <${Members} of=${value} position=${position} />
      </details>
    `;
  }
  const isCut = value.is === "text" && value.path !== undefined;
  return html`<span class=${`value ${value.is === "text" ? value.type : ""}`}>${
    compactText(value)
  }</span>${
    isCut &&
    html`<button type="button" class="more-of" onClick=${open}>Show all${
      value.length === undefined ? "" : ` ${value.length.toLocaleString("en")} characters`
    }</button>`
  }`;
}

/** A value that was opened; it closes at the next position. */
function useOpened(of: Shown, position: number) {
  const connection = useConnection();
  const [opened, setOpened] = useState<{ position: number; shown: Shown } | undefined>();
  const open = async () => {
    const { opened: shown } = await connection.do({ do: "open", position, path: of.path! });
    if (shown !== undefined) setOpened({ position, shown });
  };
  return { opened: opened?.position === position ? opened.shown : undefined, open };
}

function opensByItself(value: Shown): boolean {
  if (value.is === "text") return false;
  return value.is === "map" || value.is === "set" ||
    (value.is === "list" && value.members.every(({ value }) => value.is === "text"));
}

function kindOf({ is, type, size }: Group): string {
  if (is === "object") return type;
  const noun = is === "map" ? "entries" : is === "set" ? "values" : "items";
  const one = is === "map" ? "entry" : noun.slice(0, -1);
  return `${type}, ${size === 1 ? `1 ${one}` : `${size.toLocaleString("en")} ${noun}`}`;
}
