/// <reference lib="dom" />
/**
 * Tests in a browser of stories and themes.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Locator, Page } from "playwright-core";
import { browserTest, violationsIn } from "./browser_fixture.ts";
import { faulty, press, SHOW_STUCK, textOf } from "./browser_steps_fixture.ts";
import { longStory, STORY } from "./fixture.ts";

const LIGHT = "rgb(255, 255, 255)";
const DARK = "rgb(22, 24, 29)";

function backOf(page: Page): Promise<string> {
  return page.evaluate(() => getComputedStyle(document.body).backgroundColor);
}

/** Registers the tests. */
export function testStories(): void {
  browserTest(
    "renderPage() shows the smallest story and its words on the first screen, each fact once",
    () => ({ ...faulty(), story: STORY }),
    async (page) => {
      const story = page.getByRole("region", { name: "The smallest run that fails" });
      const drawing = story.getByRole("img", { name: "Sequence diagram of clerk 0, server 0" });
      const boxOf = async (locator: Locator) => {
        const { x, y, width, height } = (await locator.boundingBox())!;
        return { left: x, right: x + width, top: y, bottom: y + height };
      };
      const viewport = page.viewportSize()!;
      await page.setViewportSize({ width: 1280, height: 720 });
      const [picture, words, lanes] = await Promise.all([
        boxOf(drawing),
        boxOf(story.getByText("server 0 executed both")),
        boxOf(page.locator("#head")),
      ]);
      await page.setViewportSize(viewport);
      assert(words.left > picture.right && words.top < picture.bottom, "They are not side by side");
      assert(Math.max(picture.bottom, words.bottom) < Math.min(lanes.top, 720));
      assert(await page.getByText("deno task replay").isHidden(), "A command comes first");

      assertEquals(await textOf(page, "#verdict h2"), '✗ Key "2" is not linearizable');
      assert(await page.locator("#verdict .reason").isHidden(), "The story says why already");
      await press(page, SHOW_STUCK);
      assertMatch(await textOf(page, "#pinned"), /Why\s+append.* took effect twice/);

      const headings = story.locator(".headings text");
      assertEquals(await headings.allTextContents(), ["ms", "clerk 0", "server 0"]);
      const lost = drawing.locator(".step", { has: page.locator(".lost") });
      assertEquals(await lost.locator("text").allTextContents(), ["0.5", "lost", '1: ""']);
      const [clerk, server] = [await boxOf(headings.nth(1)), await boxOf(headings.nth(2))];
      const [word, cross] = [
        await boxOf(lost.getByText("lost")),
        await boxOf(lost.locator(".cross")),
      ];
      assert(word.left > clerk.left && word.right < cross.right, "It is not lost on its way");
      assert(cross.right < server.left);
      const dashes = lost.locator(".lost").evaluate((path) =>
        getComputedStyle(path).strokeDasharray
      );
      assert(await dashes !== "none");
      const heads = await Promise.all((await drawing.locator(".head").all()).map(boxOf));
      assertEquals(heads.map(({ left }) => left > cross.right), [true, true, false]);

      await story.getByText("The steps in words").click();
      assertEquals(await story.getByRole("listitem").count(), STORY.steps.length);
      await story.getByText(STORY.title).click();
      assert(await drawing.isHidden());
    },
  );

  browserTest(
    "renderPage() keeps the texts of a long story apart, and is accessible in both themes",
    () => ({ ...faulty(), story: longStory() }),
    async (page) => {
      const { overlaps, outside } = await page.evaluate(() => {
        const overlaps: string[] = [];
        const outside: string[] = [];
        for (const svg of document.querySelectorAll(".sequence svg")) {
          const room = svg.getBoundingClientRect();
          const texts = Array.from(svg.querySelectorAll("text"), (text) => {
            return { name: text.textContent, box: text.getBoundingClientRect() };
          });
          for (const [i, { name, box }] of texts.entries()) {
            if (box.left < room.left || box.right > room.right) outside.push(name);
            const other = texts.slice(i + 1).find(({ box: { left, right, top, bottom } }) => {
              return left < box.right && right > box.left && top < box.bottom && bottom > box.top;
            });
            if (other !== undefined) overlaps.push(`${name} and ${other.name}`);
          }
        }
        return { overlaps, outside };
      });
      assertEquals([overlaps, outside], [[], []]);
      const top = () => page.locator(".headings").boundingBox().then((box) => box!.y);
      const before = await top();
      const isScrolled = await page.locator(".sequence").evaluate((element) => {
        element.scrollTo(element.scrollWidth, element.scrollHeight);
        return element.scrollTop > 0;
      });
      assert(isScrolled, "All of it was in view");
      assertEquals(await top(), before, "The headings go out of view");
      const isWide = await page.evaluate(() => document.body.scrollWidth > innerWidth);
      assert(!isWide, "The page is too wide");

      await press(page, SHOW_STUCK);
      await page.getByText("The steps in words").click();
      for (const back of [LIGHT, DARK]) {
        assertEquals(await backOf(page), back);
        assertEquals(await violationsIn(page), []);
        await press(page, "Light or dark");
      }
    },
  );

  browserTest(
    "renderPage() shows a story without a history, in the theme of the system until it is changed",
    () => ({ title: "A run that never ended", parts: [], story: STORY }),
    async (page) => {
      assert(await page.getByRole("img", { name: "Sequence diagram" }).isVisible());
      assertEquals(await page.getByRole("main").innerText(), "There are no operations to draw.");
      assertEquals(await page.getByRole("button").allInnerTexts(), ["Light or dark"]);
      assertEquals(await backOf(page), DARK);
      await press(page, "Light or dark");
      assertEquals(await backOf(page), LIGHT);
    },
    { colorScheme: "dark" },
  );
}
