/**
 * The pictures of the documentation: the page of a run that failed and the debugger, in light
 * and in dark. After a page has changed, this takes them again, in a browser:
 *
 * ```sh
 * deno test --allow-all docs/pictures_test.ts -- --update
 * ```
 *
 * @module
 */

import { assert } from "@std/assert";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { withDebugger } from "../debugger/page/debugger_fixture.ts";
import { replay } from "../explore/replay.ts";
import { mayRunProcesses } from "../cli/permissions_fixture.ts";
import { closeBrowser, htmlTest, pageTest } from "../visualizer/browser_fixture.ts";

/** A server that executes a retry again. */
const SUBMISSION = fileURLToPath(new URL("../corpus/no_duplicate_table", import.meta.url));

/** The size of each picture, in pixels. */
const SIZES = {
  failure: { width: 1240, height: 740 },
  debugger: { width: 1280, height: 720 },
} as const;
type PictureName = keyof typeof SIZES;
const NAMES = Object.keys(SIZES) as PictureName[];

/** Every clone of the repository holds them. */
const BYTES_MAX = 100_000;

const SCHEMES = ["light", "dark"] as const;
type Scheme = typeof SCHEMES[number];

function pictureOf(name: PictureName, colorScheme: Scheme): URL {
  return new URL(`images/${name}-${colorScheme}.webp`, import.meta.url);
}

Deno.test("the pictures of the documentation are small", { ignore: !mayRunProcesses }, async () => {
  for (const name of NAMES) {
    for (const scheme of SCHEMES) {
      const { size } = await Deno.stat(pictureOf(name, scheme));
      assert(size > 0 && size <= BYTES_MAX);
    }
  }
});

if (Deno.args.includes("--update")) {
  Deno.test.afterAll(closeBrowser);
  for (const colorScheme of SCHEMES) {
    htmlTest(`a failure in ${colorScheme}`, failedRun, async (page) => {
      await take(page, "failure", colorScheme);
    }, { ready: "#axis text", colorScheme });
    pageTest(`the debugger in ${colorScheme}`, async (page) => {
      const wanted = { submission: SUBMISSION, test: "TestUnreliable", seed: 1 };
      await withDebugger(page, wanted, async () => {
        const sentence = page.locator("#sentence");
        let text = await sentence.innerText();
        while (!text.includes("server 0 gets request 2")) {
          await page.keyboard.press("ArrowRight");
          await sentence.filter({ hasNotText: text }).waitFor();
          text = await sentence.innerText();
        }
        await page.locator(".change").first().waitFor();
        await take(page, "debugger", colorScheme);
      });
    }, colorScheme);
  }
}

async function take(page: Page, name: PictureName, colorScheme: Scheme): Promise<void> {
  await page.setViewportSize(SIZES[name]);
  const devTools = await page.context().newCDPSession(page);
  const options = { format: "webp", quality: 85 } as const;
  const { data } = await devTools.send("Page.captureScreenshot", options);
  await Deno.writeFile(pictureOf(name, colorScheme), Uint8Array.fromBase64(data));
}

/** Returns the page of a run whose server executes a retry again. */
async function failedRun(): Promise<string> {
  const html = await Deno.makeTempFile({ suffix: ".html" });
  try {
    const submission = SUBMISSION;
    const run = { test: "TestUnreliable", seed: 1, network: "unreliable" } as const;
    await replay({ ...run, submission, html, all: false });
    const text = await Deno.readTextFile(html);
    return text.replaceAll(` --submission=${submission}`, "").replaceAll(
      /npx -y deno@[\d.]+/g,
      "deno",
    );
  } finally {
    await Deno.remove(html);
  }
}
