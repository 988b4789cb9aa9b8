/**
 * Takes the pictures of the debugger for the documentation, in a browser. Run it when the
 * page looks otherwise than before:
 *
 * ```sh
 * deno run --allow-all debugger/page/pictures.ts
 * ```
 *
 * @module
 */

import { closeBrowser, sharedPage } from "../../visualizer/browser_fixture.ts";
import { withDebugger } from "./debugger_fixture.ts";

const FOLDER = new URL("../../docs/images/", import.meta.url);
const SIZE = { width: 1280, height: 720 };

/** The event that the picture shows: the server executes the request a second time. */
const EVENT = "server 0 gets request 2";

if (import.meta.main) {
  await Deno.mkdir(FOLDER, { recursive: true });
  const page = await sharedPage();
  await page.setViewportSize(SIZE);
  const wanted = { submission: "corpus/no_duplicate_table", test: "TestUnreliable", seed: 1 };
  await withDebugger(page, wanted, async () => {
    while (!(await page.locator("#sentence").innerText()).includes(EVENT)) {
      await page.keyboard.press("ArrowRight");
    }
    await page.locator(".change").first().waitFor();
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      const path = new URL(`debugger-${colorScheme}.png`, FOLDER).pathname;
      await page.screenshot({ path });
      console.log(path);
    }
  });
  await closeBrowser();
}
