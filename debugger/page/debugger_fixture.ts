/**
 * A debugger for the tests of its page, without a terminal.
 *
 * @module
 */

import type { Page } from "playwright-core";
import { openLab } from "../../explore/run/lab.ts";
import { watch } from "../../visualizer/browser_fixture.ts";
import { ChildExecutor } from "../executor.ts";
import { openingOf, type Wanted } from "../opening.ts";
import { DebugServer } from "../server.ts";
import { Session } from "../session.ts";

/** Opens a debugger, and its page.
 *
 * @param wanted What it shows; a cluster of one's own if nothing is said.
 * @param use Uses the page. It must report no error and ask for nothing but its own files.
 */
export async function withDebugger(
  page: Page,
  wanted: Partial<Wanted>,
  use: (session: Session, end: () => Promise<void>) => Promise<void>,
): Promise<void> {
  await using server = new DebugServer(0);
  await using lab = await openLab(wanted.submission, ["debugger"]);
  const opening = await openingOf(lab.url, { network: "unreliable", whole: false, ...wanted });
  using executor = new ChildExecutor(lab.url);
  const session = new Session(executor, opening, (message) => server.say(message));
  await session.open();
  server.serve(session);
  const { origin } = server.address;
  const isOwn = (request: string) => /^(?:data|blob):/.test(request) || request.startsWith(origin);
  await watch(page, (requests) => requests.every(isOwn), async () => {
    await page.goto(server.address.href);
    await page.locator("#transport, .cluster-form").first().waitFor();
    await use(session, () => server[Symbol.asyncDispose]());
  });
}
