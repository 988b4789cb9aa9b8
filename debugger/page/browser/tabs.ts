/// <reference lib="dom" />
/**
 * Panels of which one is shown, chosen by a tab.
 *
 * @module
 */

import type { ComponentChildren, VNode } from "preact";
import { html } from "../../../visualizer/browser/html.ts";

/** A panel and its tab. */
export interface Tab {
  readonly id: string;
  readonly label: string;
  readonly panel: () => ComponentChildren;
}

/** The properties of {@linkcode Tabs}. */
export interface TabsProps {
  readonly label: string;
  readonly tabs: readonly Tab[];
  readonly chosen: string;
  readonly onChoose: (id: string) => void;
}

/** The tabs, and the panel of the chosen one. */
export function Tabs({ label, tabs, chosen, onChoose }: TabsProps): VNode {
  const onKey = (event: KeyboardEvent) => {
    const side = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (side === undefined) return;
    event.preventDefault();
    const at = tabs.findIndex(({ id }) => id === chosen);
    const next = tabs[(at + side + tabs.length) % tabs.length]!.id;
    onChoose(next);
    document.getElementById(`tab-${next}`)?.focus();
  };
  return html`
    <div role="tablist" class="tabs" aria-label=${label} onKeyDown=${onKey}>
      ${tabs.map(({ id, label }) =>
        html`
          <button type="button" role="tab" key=${id} id=${`tab-${id}`} aria-controls="panel"
            aria-selected=${String(id === chosen)} tabindex=${id === chosen ? 0 : -1}
            onClick=${() => onChoose(id)}>${label}</button>
        `
      )}
    </div>
    <div role="tabpanel" id="panel" aria-labelledby=${`tab-${chosen}`} tabindex="0">
      ${tabs.find(({ id }) => id === chosen)!.panel()}
    </div>
  ` as VNode;
}
