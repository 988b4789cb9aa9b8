/// <reference lib="dom" />
/**
 * The steps of a reader of a history page, for its tests in a browser.
 *
 * @module
 */

import type { Locator, Page } from "playwright-core";
import { check, kv, type Operation } from "../linearizability/mod.ts";
import type { PageContent } from "./content.ts";
import { recording } from "./fixture.ts";
import { pageParts } from "./parts.ts";

/** Returns the content of a page without messages. */
export function contentOf(operations: Operation[]): PageContent {
  return { title: "Test", parts: pageParts(kv, check(kv, operations)) };
}

/** Returns a recording with three keys, of which two are not linearizable. */
export function faulty(): PageContent {
  return recording({ operations: 60, clients: 4, keys: 3, executesTwice: true });
}

/** Returns the bar of the operation whose label begins like this. */
export function bar(page: Page, label: string): Locator {
  return page.locator(`#lanes [aria-label^='${label}']`);
}

/** Presses a button. */
export async function press(page: Page, name: string | RegExp): Promise<void> {
  await page.getByRole("button", { name }).click();
}

/** The name of the button that shows the operation that cannot be placed. */
export const SHOW_STUCK = /^Show .*cannot be placed/;

/** Returns the visible text of an element. */
export function textOf(page: Page, selector: string): Promise<string> {
  return page.locator(selector).innerText();
}

/** Returns the label of the element that has the keyboard. */
export async function focused(page: Page): Promise<string> {
  return await page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? "");
}

/** Does something that changes the axis, and returns what it shows then. */
export async function changeAxis(page: Page, act: () => Promise<void>): Promise<string> {
  const axis = page.locator("#axis");
  // A step before this one may still have to be drawn.
  await page.evaluate(() => new Promise(requestAnimationFrame));
  const before = await axis.textContent();
  await act();
  await page.waitForFunction(
    (text) => document.querySelector("#axis")!.textContent !== text,
    before,
  );
  return await axis.textContent() ?? "";
}

/** Turns the wheel over the lanes while Ctrl is down. */
export async function wheel(page: Page, byPx: number): Promise<void> {
  await page.mouse.move(700, 400);
  await page.keyboard.down("Control");
  await page.mouse.wheel(0, byPx);
  await page.keyboard.up("Control");
}
