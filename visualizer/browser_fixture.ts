/**
 * A browser for tests. Each test fails if its page reports an error or requests anything from
 * a network.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { existsSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import type { AxeResults } from "axe-core";
import type { PageContent } from "./content.ts";
import { renderPage } from "./page.ts";

const EXECUTABLES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** The permissions of the library that drives the browser. */
const NEEDED = ["read", "write", "run", "env", "sys", "net"] as const;

const VIEWPORT = { width: 1400, height: 900 };
const TIMEOUT_MS = 5_000;

const mayUseBrowser = NEEDED.every((name) => {
  return Deno.permissions.querySync({ name }).state === "granted";
});

const executablePath = mayUseBrowser ? EXECUTABLES.find((path) => existsSync(path)) : undefined;

/** One page for all tests: opening one takes longer than most of them. */
let shared: { browser: Browser; page: Page } | undefined;

/** Returns the page; starts the browser at the first call. */
async function sharedPage(): Promise<Page> {
  if (shared === undefined) {
    const { chromium } = await import("playwright-core");
    const browser = await chromium.launch({
      executablePath: executablePath!,
      args: ["--disable-gpu"],
    });
    shared = { browser, page: await browser.newPage({ viewport: VIEWPORT }) };
    shared.page.setDefaultTimeout(TIMEOUT_MS);
  }
  return shared.page;
}

/** Closes the browser if it is open. */
export async function closeBrowser(): Promise<void> {
  await shared?.browser.close();
  shared = undefined;
}

/** Options of a test page. */
export interface Opening {
  colorScheme?: "light" | "dark";
  /** The fragment of the address, with its #. */
  hash?: string;
}

/** Registers a test of a page that shows a history. */
export function browserTest(
  name: string,
  content: () => PageContent,
  test: (page: Page) => Promise<void>,
  opening: Opening = {},
): void {
  const ready = "#axis text, #nothing";
  htmlTest(name, () => renderPage(content()), test, { ready, ...opening });
}

/** Registers a test of a page that is given as HTML. */
export function htmlTest(
  name: string,
  html: () => string | Promise<string>,
  test: (page: Page) => Promise<void>,
  { ready, hash = "", colorScheme }: Opening & { ready: string },
): void {
  pageTest(name, async (page) => {
    const path = await Deno.makeTempFile({ suffix: ".html" });
    try {
      await Deno.writeTextFile(path, await html());
      await watch(page, (requests) => requests.length === 1, async () => {
        await page.goto(`file://${path}${hash}`);
        await page.locator(ready).first().waitFor({ state: "attached" });
        await test(page);
      });
    } finally {
      await Deno.remove(path);
    }
  }, colorScheme);
}

/** Registers a test that opens pages itself. Without a browser, or the permission to start
 * one, the test is ignored, and its name says why. */
export function pageTest(
  name: string,
  test: (page: Page) => Promise<void>,
  colorScheme: "light" | "dark" = "light",
): void {
  const why = mayUseBrowser ? "no browser was found" : "starting a browser is not permitted";
  const isIgnored = executablePath === undefined;
  Deno.test({
    name: isIgnored ? `${name} (ignored: ${why})` : name,
    ignore: isIgnored,
    // The browser is shared and outlives each test.
    sanitizeOps: false,
    sanitizeResources: false,
    fn: async () => {
      const page = await sharedPage();
      await page.emulateMedia({ colorScheme });
      await page.mouse.move(0, 0);
      await test(page);
    },
  });
}

/** Fails if a page reports an error or a forbidden request while it is used.
 *
 * @param areOwn Returns true if the page may request all of these addresses. */
export async function watch(
  page: Page,
  areOwn: (requests: readonly string[]) => boolean,
  use: () => Promise<void>,
): Promise<void> {
  const errors: string[] = [];
  const requests: string[] = [];
  page.on("console", (message) => errors.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", ({ message }) => errors.push(message));
  page.on("request", (request) => requests.push(request.url()));
  try {
    // An error of the page says more than a timeout.
    await use().catch((error) => {
      if (errors.length === 0) throw error;
    });
    assertEquals(errors, [], "The page reported errors");
    assert(areOwn(requests), `The page asked for more than its own: ${requests.join(", ")}`);
  } finally {
    page.removeAllListeners();
  }
}

/** Returns the violations that axe, an accessibility checker, finds. */
export async function violationsIn(page: Page): Promise<{ id: string; html?: string }[]> {
  const { default: axe } = await import("axe-core");
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => {
    // A bar shows only the part of its label that fits.
    const rules = { "label-content-name-mismatch": { enabled: false } };
    return (globalThis as unknown as { axe: { run(options: object): Promise<AxeResults> } }).axe
      .run({ rules });
  });
  return violations.map(({ id, nodes }) => ({ id, ...nodes[0] && { html: nodes[0].html } }));
}
