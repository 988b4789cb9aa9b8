/// <reference lib="dom" />
/**
 * The form that builds a cluster, in which nothing happens until a person acts.
 *
 * @module
 */

import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { LIMITS } from "../../protocol/limits.ts";
import { useConnection } from "./context.ts";
import { html } from "../../../visualizer/browser/html.ts";

/** The form. */
export function ClusterForm(): VNode {
  const connection = useConnection();
  const [servers, setServers] = useState(1);
  const [wanted, setReplicas] = useState(1);
  const [clerks, setClerks] = useState(2);
  const replicas = Math.min(wanted, servers);
  const build = (event: Event) => {
    event.preventDefault();
    connection.do({ do: "new", cluster: { servers, replicas, clerks } });
  };
  const choice = (label: string, value: number, max: number, set: (value: number) => void) => {
    const numbers = Array.from({ length: max }, (_, i) => i + 1);
    return html`<label>${label} <select
      onChange=${(event: Event) => set(Number((event.target as HTMLSelectElement).value))}>
      ${numbers.map((n) => html`<option key=${n} value=${n} selected=${n === value}>${n}</option>`)}
    </select></label>`;
  };
  return html`
    <form class="cluster-form" onSubmit=${build} aria-label="Build a cluster">
      ${choice("Servers", servers, LIMITS.servers, setServers)}
      ${choice("Replicas of a shard", replicas, Math.min(LIMITS.replicas, servers), setReplicas)}
      ${choice("Clerks", clerks, LIMITS.clerks, setClerks)}
      <button type="submit" class="main">Build</button>
    </form>
  `;
}
