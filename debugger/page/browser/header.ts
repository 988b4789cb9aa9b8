/// <reference lib="dom" />
/**
 * The line at the top: the open run, the branches, and the buttons that save one.
 *
 * @module
 */

import type { VNode } from "preact";
import { changeTheme } from "../../../visualizer/browser/theme.ts";
import type { PageState } from "./connection.ts";
import { useConnection } from "./context.ts";
import { html } from "../../../visualizer/browser/html.ts";

/** The header. */
export function Header({ known }: { known: PageState }): VNode {
  const { session, run, busy } = known;
  const connection = useConnection();
  const { title = "Debugger", notes = [], branches = [], branch } = session ?? {};
  const about = notes.map(({ label, text }) => `${label}: ${text.split("\n")[0]}`).join(" · ");
  const isEmpty = run === undefined || run.steps.length === 0;
  return html`
    <header>
      <h1>${title}</h1>
      <p class="about" role="status" title=${about}>${busy?.isBusy ? `${busy.what} …` : about}</p>
      ${branches.length > 1 && html`
        <label>Branch <select id="branch" onChange=${(event: Event) =>
          connection.do({ do: "branch", branch: (event.target as HTMLSelectElement).value })}>
          ${branches.map(({ id, name, hasFailed }) =>
            html`
              <option key=${id} value=${id} selected=${id === branch}>${hasFailed
                ? `✗ ${name}`
                : name}</option>
            `
          )}
        </select></label>
      `}
      <button type="button" disabled=${isEmpty} onClick=${() => save(connection)}>Save</button>
      <button type="button" disabled=${isEmpty} onClick=${() => copyAsTest(connection)}>
        Copy as a test</button>
      <button type="button" onClick=${changeTheme}>Light or dark</button>
    </header>
  `;
}

type Connection = ReturnType<typeof useConnection>;

async function save(connection: Connection): Promise<void> {
  const { saved } = await connection.do({ do: "save" });
  if (saved === undefined) return;
  download(saved.file, saved.text);
  const outcome = saved.passed ? "does not fail" : `fails: ${saved.violation?.what ?? "see there"}`;
  connection.tell({
    text: `Saved as ${saved.file}. It ${outcome}. Digest ${saved.digest}.\n${saved.command}`,
    isBad: false,
  });
}

function download(file: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = file;
  link.click();
  URL.revokeObjectURL(address);
}

async function copyAsTest(connection: Connection): Promise<void> {
  const { test } = await connection.do({ do: "copy as test" });
  if (test === undefined) return;
  try {
    await navigator.clipboard.writeText(test);
    const text =
      "The test is on the clipboard. Paste it into a test file, for example mine_test.ts.";
    connection.tell({ text, isBad: false });
  } catch {
    const text = `The browser does not let the page use the clipboard. Copy this:\n${test}`;
    connection.tell({ text, isBad: false });
  }
}
