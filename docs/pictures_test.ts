/**
 * The pictures of the documentation: the page of a run that failed, in light and in dark. To
 * take them anew after the page has changed, in a browser:
 *
 * ```sh
 * deno test --allow-all docs/pictures_test.ts -- --update
 * ```
 *
 * @module
 */

import { assert } from "@std/assert";
import { fileURLToPath } from "node:url";
import { replay } from "../explore/replay.ts";
import { mayRunProcesses } from "../grader/permissions.ts";
import { closeBrowser, htmlTest } from "../visualizer/browser_fixture.ts";

/** The size of the pictures, in pixels. */
const SIZE = { width: 1240, height: 740 };

/** Every clone of the repository holds them. */
const BYTES_MAX = 100_000;

const SCHEMES = ["light", "dark"] as const;

function pictureOf(colorScheme: typeof SCHEMES[number]): URL {
  return new URL(`images/failure-${colorScheme}.webp`, import.meta.url);
}

Deno.test("the pictures of the documentation are small", { ignore: !mayRunProcesses }, async () => {
  for (const scheme of SCHEMES) {
    const { size } = await Deno.stat(pictureOf(scheme));
    assert(size > 0 && size <= BYTES_MAX);
  }
});

if (Deno.args.includes("--update")) {
  Deno.test.afterAll(closeBrowser);
  for (const colorScheme of SCHEMES) {
    htmlTest(`a picture in ${colorScheme}`, failedRun, async (page) => {
      await page.setViewportSize(SIZE);
      const devTools = await page.context().newCDPSession(page);
      const options = { format: "webp", quality: 85 } as const;
      const { data } = await devTools.send("Page.captureScreenshot", options);
      await Deno.writeFile(pictureOf(colorScheme), Uint8Array.fromBase64(data));
    }, { ready: "#axis text", colorScheme });
  }
}

/** Returns the page of a run whose server executes a retry again. */
async function failedRun(): Promise<string> {
  const html = await Deno.makeTempFile({ suffix: ".html" });
  const submission = fileURLToPath(new URL("../corpus/no_duplicate_table", import.meta.url));
  try {
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
