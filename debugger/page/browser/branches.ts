/// <reference lib="dom" />
/**
 * The branches: the run that was opened, and those that a person went on with by hand.
 *
 * @module
 */

import type { VNode } from "preact";
import { useCallback, useState } from "preact/hooks";
import type { Branch, MessageOf } from "../../protocol.ts";
import { LIMITS } from "../../protocol/limits.ts";
import { ClusterForm } from "./cluster_form.ts";
import { useConnection } from "./context.ts";
import { html } from "../../../visualizer/browser/html.ts";

/** All branches, and the form for a new one. */
export function Branches({ session }: { session: MessageOf<"session"> }): VNode {
  const { branches, branch } = session;
  const names = new Map(branches.map(({ id, name }) => [id, name]));
  return html`
    <ul class="branches">${branches.map((own) =>
      html`
        <${BranchItem} key=${own.id} branch=${own} isShown=${own.id === branch}
          parent=${own.from && names.get(own.from.branch)} />
      `
    )}</ul>
    <h3>Begin from nothing</h3>
    <${ClusterForm} />
  `;
}

interface BranchItemProps {
  readonly branch: Branch;
  readonly isShown: boolean;
  /** The name of the branch that it left. */
  readonly parent: string | undefined;
}

function BranchItem({ branch, isShown, parent }: BranchItemProps): VNode {
  const connection = useConnection();
  const [isRenaming, setRenaming] = useState(false);
  const { id, name, from, steps, hasFailed, isByHand } = branch;
  const selectAll = useCallback((input: HTMLInputElement | null) => {
    input?.focus();
    input?.select();
  }, []);
  const rename = (event: Event) => {
    event.preventDefault();
    const input = (event.target as HTMLFormElement).elements.namedItem("name");
    connection.do({ do: "rename", branch: id, name: (input as HTMLInputElement).value });
    setRenaming(false);
  };
  const origin = from === undefined
    ? ""
    : `, from event ${from.position} of ${
      parent === undefined ? "a forgotten branch" : `“${parent}”`
    }`;
  return html`
    <li class=${isShown ? "shown" : ""}>
      ${isRenaming
        ? html`<form onSubmit=${rename}><input name="name" aria-label=${`New name of ${name}`}
            defaultValue=${name} maxlength=${LIMITS.name} ref=${selectAll} /><button type="submit">Rename</button></form>`
        : html`
          <button type="button" class="branch" aria-current=${isShown ? "true" : undefined}
            onClick=${() => connection.do({ do: "branch", branch: id })}>
                      <span class=${hasFailed ? "bad" : "good"}>${hasFailed
                        ? "✗"
                        : "✓"}</span> ${name}
                      <span class="heard">${hasFailed
                        ? ", fails"
                        : ", does not fail"}</span></button>
        `}
      <span class="about">${steps} ${steps === 1 ? "event" : "events"}${origin}</span>
      <span class="acts">
        <button type="button" aria-label=${`${isRenaming ? "Cancel: rename" : "Rename"} ${name}`}
          onClick=${() => setRenaming(!isRenaming)}>${isRenaming ? "Cancel" : "Rename"}</button>
        ${isByHand && html`
          <button type="button" aria-label=${`Forget ${name}`}
            onClick=${() => connection.do({ do: "forget", branch: id })}>Forget</button>
        `}
      </span>
    </li>
  `;
}
