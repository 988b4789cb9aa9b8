/**
 * A debugger for the tests of its page, without a terminal.
 *
 * @module
 */

import type { Page } from "playwright-core";
import { watch } from "../../visualizer/browser_fixture.ts";
import { type RunningDebugger, startDebugger } from "../debug.ts";
import type { RequestedRun } from "../opening.ts";

/** The time for which a page may search for its run, in real milliseconds. */
const OPEN_MS_MAX = 30_000;

/** Opens a debugger, and its page.
 *
 * @param wanted The run that it shows; absent for a new cluster.
 * @param use Uses the page. It must report no error and ask for nothing but its own files.
 */
export async function withDebugger(
  page: Page,
  wanted: Partial<RequestedRun>,
  use: (running: RunningDebugger) => Promise<void>,
): Promise<void> {
  const given = { network: "unreliable", whole: false, port: 0, ...wanted } as const;
  await using running = await startDebugger(given);
  const { origin, href } = running.address;
  const isOwn = (request: string) => /^(?:data|blob):/.test(request) || request.startsWith(origin);
  await watch(page, (requests) => requests.every(isOwn), async () => {
    await page.goto(href);
    await page.locator("#transport, .cluster-form").first().waitFor({ timeout: OPEN_MS_MAX });
    await use(running);
  });
}
