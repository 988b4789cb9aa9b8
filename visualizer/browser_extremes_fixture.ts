/// <reference lib="dom" />
/**
 * Tests in a browser of pages with unusual content: values that look like markup, long values,
 * many operations, many keys.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { Operation } from "../linearizability/mod.ts";
import { browserTest } from "./browser_fixture.ts";
import {
  bar,
  changeAxis,
  contentOf,
  press,
  SHOW_STUCK,
  textOf,
  wheel,
} from "./browser_steps_fixture.ts";
import { recording } from "./fixture.ts";

const HOSTILE = [
  "</script><script>globalThis.broken = 1</script>",
  `<img src="x" onerror="globalThis.broken = 1">`,
  "<!-- & ' \" --> ]]> &lt; ${1} {{ title }} $& \\",
  "right\u202eleft \u009b \u2028 \ud83d",
];

/** The number of elements that a page may hold, whatever it shows. */
const ELEMENTS_MAX = 1_500;

/** Registers the tests. */
export function testExtremes(): void {
  browserTest(
    "renderPage() shows values that look like markup as they are",
    () => ({
      ...contentOf(HOSTILE.flatMap((value, i): Operation[] => [
        { client: i, op: "put", key: value, value, call: 2 * i, return: 2 * i + 1 },
      ])),
      title: HOSTILE[0]!,
      notes: HOSTILE.map((text) => ({ label: text, text })),
      messages: HOSTILE.map((text, id) => (
        { id, from: text, to: text, method: text, args: text, reply: text, sentMs: id }
      )),
      faults: [{ atMs: 0, server: HOSTILE[0]!, what: "stopped" }],
      story: {
        title: HOSTILE[0]!,
        columns: HOSTILE,
        steps: HOSTILE.map((text) => ({ kind: "note", atMs: 0, at: text, text })),
        notes: HOSTILE.map((text) => ({ label: text, text })),
      },
    }),
    async (page) => {
      assertEquals(await textOf(page, "h1"), HOSTILE[0]!);
      const notes = await page.locator("#story dd").allTextContents();
      assertEquals([notes.length, notes[1], notes[5]], [8, HOSTILE[1]!, HOSTILE[1]!]);
      assertEquals(await textOf(page, "#story > details > summary"), HOSTILE[0]!);
      const step = await page.locator("#story li").nth(1).textContent();
      assertEquals(step, `0.0 ms, ${HOSTILE[1]}: ${HOSTILE[1]}`);
      for (const [i, value] of HOSTILE.entries()) {
        const tab = page.getByRole("tab").nth(i);
        await tab.click();
        const shown = JSON.stringify(value).replaceAll(/[\u202e\u2028\u009b]/g, (character) => {
          return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
        });
        await bar(page, `Clerk ${i}`).waitFor();
        const label = await bar(page, `Clerk ${i}`).getAttribute("aria-label");
        assertStringIncludes(label!, `put(${shown}, ${shown})`);
        assertStringIncludes(await textOf(page, "#verdict"), `Key ${shown} is linearizable`);
        assertEquals(await tab.locator(".name").innerText(), shown.slice(1, -1));
      }
      assertEquals(await page.evaluate(() => Reflect.get(globalThis, "broken")), undefined);
      assertEquals(await page.locator("img").count(), 0);
    },
  );

  browserTest("renderPage() cuts values of a megabyte", () => {
    const value = `start ${"x".repeat(1_000_000)} end`;
    return contentOf([
      { client: 0, op: "append", key: "k", value, output: "", call: 0, return: 1 },
      { client: 1, op: "get", key: "k", output: `${value}!`, call: 2, return: 3 },
    ]);
  }, async (page) => {
    await press(page, SHOW_STUCK);
    const panel = await textOf(page, "#pinned");
    assertMatch(panel, /Result\s+"start xx[^]*…\[996,011 characters\]…[^]*xx end!"/);
    assert(panel.length < 20_000);
    await bar(page, "Client 0").hover();
    const tip = await textOf(page, "#tip");
    assertMatch(tip, /append\("k", "start xx/);
    assert(tip.length < 1_500, `${tip.length} characters are too many for a box`);
  });

  browserTest(
    "renderPage() draws only what is in view of 3,000 operations and 7,000 messages",
    () => recording({ operations: 3_000, clients: 30, lossProbability: 0.3 }),
    async (page) => {
      const countElements = () => page.locator("*").count();
      assert(await countElements() < ELEMENTS_MAX, "More is drawn than is in view");
      await changeAxis(page, () => wheel(page, -1_000));
      assert(await countElements() < ELEMENTS_MAX, "More is drawn than is in view after a zoom");
      assertMatch(
        await page.locator("#messages .plot").textContent() ?? "",
        /messages, .* dropped/,
      );
      // Printing draws all lanes.
      const lanes = () => page.locator("#lanes .names text").count();
      assert(await lanes() < 30);
      await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
      assertEquals(await lanes(), 30);
    },
  );

  browserTest(
    "renderPage() draws only the first of 3,000 keys, and more when the list scrolls",
    () =>
      contentOf(Array.from({ length: 3_000 }, (_, i): Operation => {
        return { client: 0, op: "put", key: `key ${i}`, value: "", call: 2 * i, return: 2 * i + 1 };
      })),
    async (page) => {
      const tabs = page.getByRole("tab");
      const search = async (text: string, count: number) => {
        await page.getByRole("searchbox", { name: "Search by key" }).fill(text);
        await page.waitForFunction((count) => {
          return document.querySelectorAll("[role=tab]").length === count;
        }, count);
      };
      assertEquals(await tabs.count(), 200);
      await page.locator("#tabs").evaluate((list) => list.scrollTop = list.scrollHeight);
      await tabs.nth(200).waitFor();
      await search("2999", 1);
      await page.keyboard.press("Enter");
      await page.locator("#verdict", { hasText: 'Key "key 2999"' }).waitFor();
      await search("", 201);
      const reachable = page.locator("[role=tab][tabindex='0']");
      assertStringIncludes(await reachable.innerText(), "key 2999");
      await search("key 7", 111);
      assertEquals(await reachable.count(), 1);
    },
  );
}
