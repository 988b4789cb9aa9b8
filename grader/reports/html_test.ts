/// <reference lib="dom" />
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { Page } from "playwright-core";
import { closeBrowser, htmlTest, violationsIn } from "../../visualizer/browser_fixture.ts";
import { classReport, hostileResult, submissionResult } from "./fixture.ts";
import { htmlOf } from "./html.ts";

Deno.test.afterAll(closeBrowser);

const OPENING = { ready: "#shown" };

const plain = () => {
  const submissions = Array.from({ length: 12 }, (_, i) => {
    return submissionResult(i * 5 % 8, { submission: `student ${i + 1}`, lateDays: i % 3 });
  });
  return htmlOf({ submissions });
};
const mixed = () => htmlOf(classReport());

/** Returns the visible names of the overview, from top to bottom. */
async function namesIn(page: Page): Promise<string[]> {
  return await page.locator("#overview tbody tr:visible th").allInnerTexts();
}

Deno.test("htmlOf() holds no command to GitHub Actions when it is printed", () => {
  const lines = htmlOf({ submissions: [hostileResult()] }).split("\n");
  assertEquals(lines.filter((line) => /^\s*::.*?::/.test(line) || line.includes("##[")), []);
});

htmlTest("htmlOf() sorts with the mouse and with the keyboard", plain, async (page) => {
  const head = page.getByRole("columnheader", { name: "Points", exact: true });
  await head.getByRole("button").click();
  assertEquals(await head.getAttribute("aria-sort"), "ascending");
  assertEquals((await namesIn(page)).slice(0, 3), ["student 1", "student 9", "student 6"]);
  await page.keyboard.press("Enter");
  assertEquals(await head.getAttribute("aria-sort"), "descending");
  assertEquals((await namesIn(page))[0], "student 4");
  const first = page.getByRole("columnheader", { name: "Submission" });
  await first.getByRole("button").focus();
  await page.keyboard.press("Space");
  assertEquals((await namesIn(page)).slice(0, 3), ["student 1", "student 2", "student 3"]);
  assertEquals(await head.getAttribute("aria-sort"), null);
}, OPENING);

htmlTest(
  "htmlOf() shows the submissions that match a search and says how many",
  plain,
  async (page) => {
    await page.getByLabel("Search").fill("STUDENT 1");
    assertEquals(await namesIn(page), ["student 1", "student 10", "student 11", "student 12"]);
    assertEquals(await page.getByRole("status").innerText(), "4 of 12 shown");
    assertEquals(await page.locator("details:visible").count(), 4);
    await page.getByLabel("Show").selectOption("late");
    assertEquals(await namesIn(page), ["student 11", "student 12"]);
    await page.getByLabel("Search").fill("");
    await page.getByLabel("Show").selectOption("not-TestBasic");
    assertEquals(await namesIn(page), ["student 1", "student 9"]);
  },
  OPENING,
);

htmlTest("htmlOf() opens the details when a name is clicked", mixed, async (page) => {
  await page.getByRole("link", { name: "turing" }).click();
  const text = await page.locator("details[open]").innerText();
  for (
    const part of [
      "executed twice",
      "How can a server recognize a retry?",
      "--seed=17",
      "1.2 s",
      "late.txt declares 1 late day",
      'late.txt holds "seven"',
      "a lecture",
    ]
  ) assertStringIncludes(text, part);
  await page.getByRole("button", { name: "Open or close all details" }).click();
  assertEquals(await page.locator("details:not([open])").count(), 0);
}, OPENING);

htmlTest("htmlOf() shows the class at a glance", mixed, async (page) => {
  const text = await page.locator(".charts").innerText();
  assertMatch(text, /40 % to 49 %\s+1/);
  assertMatch(text, /100 %\s+1/);
  assertMatch(text, /TestBasic\s+3 \(60 %\)/);
}, OPENING);

htmlTest("htmlOf() opens all details for print and closes them again", plain, async (page) => {
  const open = () => page.locator("details[open]").count();
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  assertEquals(await open(), 12);
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  assertEquals(await open(), 0);
}, OPENING);

htmlTest("htmlOf() shows what students wrote as text", mixed, async (page) => {
  assertEquals(await page.locator("img, main script, [onerror], a[href^=http]").count(), 0);
  assertStringIncludes(await page.locator("#s1").textContent() ?? "", "<script>alert(1)</script>");
}, OPENING);

htmlTest("htmlOf() is no wider than a narrow window", mixed, async (page) => {
  const size = page.viewportSize()!;
  await page.setViewportSize({ width: 400, height: 800 });
  try {
    assert(await page.evaluate(() => document.documentElement.scrollWidth) <= 400);
  } finally {
    await page.setViewportSize(size);
  }
}, OPENING);

for (const colorScheme of ["light", "dark"] as const) {
  htmlTest(`htmlOf() is accessible when the page is ${colorScheme}`, mixed, async (page) => {
    await page.getByRole("button", { name: "Open or close all details" }).click();
    assertEquals(await violationsIn(page), []);
  }, { ...OPENING, colorScheme });
}
