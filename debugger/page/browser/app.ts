/// <reference lib="dom" />
/**
 * The whole page: the diagram, then the slider, the steps and the cards; beside them the machines,
 * the console and the branches.
 *
 * @module
 */

import type { VNode } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { MessageOf } from "../../protocol.ts";
import { Branches } from "./branches.ts";
import { ClusterForm } from "./cluster_form.ts";
import type { Connection, PageState } from "./connection.ts";
import { Console, printedLines } from "./console.ts";
import { ConnectionContext, useConnection } from "./context.ts";
import { Diagram } from "./diagram.ts";
import { ActionPanel } from "./action_panel.ts";
import { Header } from "./header.ts";
import { html } from "../../../visualizer/browser/html.ts";
import { Keys } from "./keys.ts";
import { Machines } from "./machines.ts";
import { MessageCard } from "./message.ts";
import { failedRowsOf, machineNames, marksOf } from "./run_marks.ts";
import { type Tab, Tabs } from "./tabs.ts";
import { type StepKind, Transport } from "./transport.ts";
import { ReloadBanner, TroubleBanner, VerdictLine } from "./verdict.ts";

/** The properties of {@linkcode App}. */
export interface AppProps {
  readonly connection: Connection;
  readonly known: PageState;
}

/** The page. */
export function App({ connection, known }: AppProps): VNode {
  const { session, run, position, isGone } = known;
  const isReady = session?.branch !== undefined && run !== undefined && position !== undefined;
  return html`
    <${ConnectionContext.Provider} value=${connection}>
      <${Header} known=${known} />
      ${isReady
        ? html`<${Workbench} known=${known} run=${run} shown=${position} session=${session} />`
        : html`<main class="start"><${Notices} known=${known} />
            ${
          session?.branch === undefined && session !== undefined &&
          html`<${Start} session=${session} />`
        }</main>`}
      ${isGone && html`<${Gone} />`}
    </${ConnectionContext.Provider}>
  `;
}

/** Says that the server has ended. */
function Gone(): VNode {
  const open = (dialog: HTMLDialogElement | null) => {
    if (dialog?.open === false) dialog.showModal();
  };
  return html`
    <dialog id="gone" ref=${open} aria-labelledby="gone-title">
      <h2 id="gone-title">The debugger has ended</h2>
      <p>Start it again in the terminal with <code>deno task debug</code>, and open the address
      that it prints.</p>
    </dialog>
  `;
}

/** The page before there is a run: a search for one, or a form that builds a cluster. */
function Start({ session: { notes, searching } }: Pick<WorkbenchProps, "session">): VNode {
  const known = notes.map(({ label, text }) =>
    html`
      <div key=${label}>
        <dt>${label}</dt>
        <dd>${text}</dd>
      </div>
    `
  );
  return html`
    ${known.length > 0 && html`<dl class="notes">${known}</dl>`}
    ${searching === undefined
      ? html`
        <h2>Build a cluster</h2>
        <p>Nothing happens until you act: you start operations, and deliver or drop each
        message.</p>
        <${ClusterForm} />
      `
      : html`<p role="status">${searching} …</p><progress aria-label=${searching}></progress>`}
  ` as VNode;
}

interface WorkbenchProps {
  readonly known: PageState;
  readonly run: MessageOf<"run">;
  readonly shown: MessageOf<"position">;
  readonly session: MessageOf<"session">;
}

/** The page of a run. */
function Workbench({ known, run, shown, session }: WorkbenchProps): VNode {
  const connection = useConnection();
  const { steps, operations, failure } = run;
  const position = Math.min(known.wanted ?? shown.position, steps.length);
  const names = useMemo(() => machineNames(run), [run.clerks, run.servers]);
  const times = useMemo(() => steps.map(({ atMs }) => atMs), [steps]);
  const marks = useMemo(() => marksOf(steps), [steps]);
  const failedRows = useMemo(() => failedRowsOf(run), [run]);
  const returned = operations.filter(({ returned = Infinity }) => returned <= shown.position);
  const go = (to: number) => connection.seek(to);
  return html`
    <main>
      <${Notices} known=${known} />
      <${Diagram} names=${names} times=${times} marks=${marks} position=${position}
        failedRows=${failedRows} onGo=${go} />
      <${Transport} position=${position} length=${steps.length} failure=${failure?.position}
        sentence=${steps[position - 1]?.text ?? "Nothing has happened yet"} onGo=${go}
        onStep=${(by: StepKind, back: boolean) => connection.step(by, back)} />
      <${ActionPanel} shown=${shown} run=${run} />
    </main>
    <aside aria-label="What is known here">
      <${VerdictLine} verdict=${shown.verdict} operations=${returned.length}
        position=${shown.position} />
      <${Side} run=${run} shown=${shown} session=${session} />
    </aside>
  ` as VNode;
}

/** The panels at the side. */
function Side({ run, shown, session }: Omit<WorkbenchProps, "known">): VNode {
  const [chosen, setChosen] = useState("machines");
  const lines = useMemo(() => printedLines(run.steps), [run.steps]);
  const { machines = [], message: number } = run.steps[shown.position - 1] ?? {};
  const message = run.messages.find(({ id }) => id === number);
  const count = session.branches.length;
  const tabs: Tab[] = [
    {
      id: "machines",
      label: "Machines",
      panel: () =>
        html`
          <${Machines} shown=${shown} operations=${run.operations} active=${machines} />
          ${message !== undefined && html`
            <${MessageCard} message=${message} past=${run.steps.slice(0, shown.position)} />
          `}
        `,
    },
    {
      id: "console",
      label: lines.length === 0 ? "Console" : `Console (${lines.length})`,
      panel: () => html`<${Console} lines=${lines} position=${shown.position} />`,
    },
    {
      id: "branches",
      label: count < 2 ? "Branches" : `Branches (${count})`,
      panel: () => html`<${Branches} session=${session} />`,
    },
    { id: "keys", label: "Keys", panel: () => html`<${Keys} />` },
  ];
  return html`<${Tabs} label="Panels" tabs=${tabs} chosen=${chosen} onChoose=${setChosen} />`;
}

/** The lines above the diagram: answers, changes of the files, errors. */
function Notices({ known }: { known: PageState }): VNode {
  const connection = useConnection();
  const { session, notice, reloaded, run, position } = known;
  const { verdict } = position ?? {};
  const isTold = verdict?.is === "violated" && verdict.violation.what === run?.trouble?.what;
  return html`
    ${notice !== undefined && html`
      <section class=${`banner ${notice.isBad ? "bad" : ""}`} role="status" tabindex="0">
        <pre>${notice.text}</pre>
        <div class="acts"><button type="button"
          onClick=${() => connection.tell(undefined)}>Close</button></div>
      </section>
    `}
    ${session?.problem !== undefined && html`
      <section class="banner bad" role="alert" tabindex="0">
        <p>✗ ${session.problem}</p>
      </section>
    `}
    ${reloaded !== undefined && html`<${ReloadBanner} reloaded=${reloaded} />`}
    ${run?.trouble !== undefined && html`
      <${TroubleBanner} trouble=${run.trouble} at=${position?.position} isTold=${isTold} />
    `}
  ` as VNode;
}
