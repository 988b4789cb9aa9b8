/**
 * A browser for the tests: opens pages, and sees to it that they ask nothing of a network
 * and report no error.
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

/** The library that drives the browser reads more than can be listed. */
const NEEDED = ["read", "write", "run", "env", "sys", "net"] as const;

const VIEWPORT = { width: 1400, height: 900 };
const TIMEOUT_MS = 5_000;

const mayUseBrowser = NEEDED.every((name) => {
  return Deno.permissions.querySync({ name }).state === "granted";
});

const executablePath = mayUseBrowser ? EXECUTABLES.find((path) => existsSync(path)) : undefined;

/** One page for all tests: making one takes longer than most of them. */
let shared: { browser: Browser; page: Page } | undefined;

/** Returns the page, in a browser that is started first if need be. */
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

/** Ends the browser, if one was started. */
export async function closeBrowser(): Promise<void> {
  await shared?.browser.close();
  shared = undefined;
}

/** The way in which a page is opened. */
export interface Opening {
  colorScheme?: "light" | "dark";
  /** The part of the address from its # on. */
  hash?: string;
}

/** A test of a page that shows a history. */
export function browserTest(
  name: string,
  content: () => PageContent,
  test: (page: Page) => Promise<void>,
  opening: Opening = {},
): void {
  const ready = "#axis text, #nothing";
  htmlTest(name, () => renderPage(content()), test, { ready, ...opening });
}

/** A test of any page, given as its HTML. */
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

/** A test that opens pages by itself. Where there is no browser, or no permission to start
 * one, it shows as ignored, and its name says why. */
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
    // The browser is shared, and outlives each test.
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

/** Uses a page, and sees to it that it reports no error and asks for nothing else.
 *
 * @param areOwn Returns true if these are addresses that the page may ask for. */
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
    // An error of the page tells more than that it did not show what was waited for.
    await use().catch((error) => {
      if (errors.length === 0) throw error;
    });
    assertEquals(errors, [], "The page reported errors");
    assert(areOwn(requests), `The page asked for more than its own: ${requests.join(", ")}`);
  } finally {
    page.removeAllListeners();
    await page.goto("about:blank");
  }
}

/** Returns what a checker of accessibility finds. */
export async function violationsIn(page: Page): Promise<{ id: string; html?: string }[]> {
  const { default: axe } = await import("axe-core");
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => {
    // A bar shows as much of its label as it has room for.
    const rules = { "label-content-name-mismatch": { enabled: false } };
    return (globalThis as unknown as { axe: { run(options: object): Promise<AxeResults> } }).axe
      .run({ rules });
  });
  return violations.map(({ id, nodes }) => ({ id, ...nodes[0] && { html: nodes[0].html } }));
}
