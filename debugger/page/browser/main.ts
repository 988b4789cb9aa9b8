/// <reference lib="dom" />
/**
 * Starts the page: connects to its server, and shows the messages.
 *
 * @module
 */

import { render } from "preact";
import { App } from "./app.ts";
import { Connection, type PageState } from "./connection.ts";
import { html } from "../../../visualizer/browser/html.ts";

const address = new URL(`session${location.search}`, document.baseURI);
address.protocol = "ws:";
const connection = new Connection(address, show);
show({ isGone: false });

function show(known: PageState): void {
  if (known.session !== undefined) document.title = `${known.session.title} · Debugger`;
  render(html`<${App} connection=${connection} known=${known} />`, document.body);
}
