/// <reference lib="dom" />
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { Locator, Page } from "playwright-core";
import { check, kv, type Operation } from "../linearizability/mod.ts";
import { browserTest, closeBrowser, violationsIn } from "./browser_fixture.ts";
import type { PageContent, PagePart } from "./content.ts";
import { longStory, recording, STORY } from "./fixture.ts";
import { pageParts } from "./parts.ts";

Deno.test.afterAll(closeBrowser);

/** Two appends that a read saw, a later read that misses one, and a put without end. */
const STALE: Operation[] = [
  { client: 0, op: "append", key: "k", value: "a", output: "", call: 0, return: 1 },
  { client: 1, op: "append", key: "k", value: "b", output: "a", call: 2, return: 4 },
  { client: 3, op: "get", key: "k", output: "ab", call: 3, return: 5 },
  { client: 2, op: "get", key: "k", output: "a", call: 6, return: 7 },
  { client: 0, op: "put", key: "k", value: "c", call: 8, return: null },
];

function contentOf(operations: Operation[]): PageContent {
  return { title: "Test", parts: pageParts(kv, check(kv, operations)) };
}

const stale = () => contentOf(STALE);

/** A recording with three keys, of which two are not linearizable. */
const faulty = () => recording({ operations: 60, clients: 4, keys: 3, executesTwice: true });

function bar(page: Page, label: string): Locator {
  return page.locator(`#lanes [aria-label^='${label}']`);
}

async function press(page: Page, name: string | RegExp): Promise<void> {
  await page.getByRole("button", { name }).click();
}

const SHOW_STUCK = /^Show .*cannot be placed/;

const textOf = (page: Page, selector: string) => page.locator(selector).innerText();

/** Returns the label of the element that has the keyboard. */
async function focused(page: Page): Promise<string> {
  return await page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? "");
}

/** Does something that changes the axis, and returns what it shows then. */
async function changeAxis(page: Page, act: () => Promise<void>): Promise<string> {
  const axis = page.locator("#axis");
  const before = await axis.textContent();
  await act();
  await page.waitForFunction(
    (text) => document.querySelector("#axis")!.textContent !== text,
    before,
  );
  return await axis.textContent() ?? "";
}

async function wheel(page: Page, byPx: number): Promise<void> {
  await page.mouse.move(700, 400);
  await page.keyboard.down("Control");
  await page.mouse.wheel(0, byPx);
  await page.keyboard.up("Control");
}

browserTest(
  "renderPage() shows what is wrong and why, and a lane for each client",
  stale,
  async (page) => {
    const verdict = await textOf(page, "#verdict");
    assertStringIncludes(verdict, '✗ Key "k" is not linearizable: stale read');
    assertStringIncludes(verdict, "found an older value than");
    assertStringIncludes(verdict, "holds 3 of 5 operations");
    assert(await page.locator("#parts").isHidden(), "There is a list of one key");
    const names = await page.locator("#lanes .names text").allTextContents();
    assertEquals(names, ["client 0", "client 1", "client 2", "client 3"]);
    assertEquals(await bar(page, "Client 1").locator("text").allTextContents(), [
      '! append("k", "b")',
      '→ "a"',
    ]);
    assertMatch(await bar(page, "Client 2").textContent() ?? "", /^✗ ! get\("k.*→ "a"$/);
    assertEquals(await page.locator("#lanes .numbers text").allTextContents(), ["1", "2", "3"]);
    // An operation that never returned has an open end.
    const zigzag = /l4 4l-4 4/;
    const open = bar(page, "Client 0: put");
    assertStringIncludes(await open.textContent() ?? "", "never");
    assertMatch((await open.locator("path").getAttribute("d"))!, zigzag);
    assert(!zigzag.test((await bar(page, "Client 1").locator("path").getAttribute("d"))!));
  },
);

browserTest(
  "renderPage() distinguishes placed, stuck and other bars without color",
  // The reason names all that is placed, but for the first read.
  () => contentOf([{ client: 4, op: "get", key: "k", output: "", call: 0, return: 1 }, ...STALE]),
  async (page) => {
    const styleOf = (label: string) =>
      bar(page, label).locator("path").evaluate((path) => {
        const { strokeWidth, strokeDasharray, fill } = getComputedStyle(path);
        return { strokeWidth, strokeDasharray, fill };
      });
    const placed = await styleOf("Client 4: get");
    const stuck = await styleOf("Client 2: get");
    assertEquals(placed.strokeDasharray, "none");
    assert((await styleOf("Client 0: put")).strokeDasharray !== "none");
    assert(parseFloat(stuck.strokeWidth) > parseFloat(placed.strokeWidth));
    assertEquals(stuck.fill, "rgb(253, 227, 225)", "The bar that cannot be placed is not red");
    // Zooming moves the numbers of the order over the results.
    const spans = await page.evaluate(() =>
      ["#lanes .result", "#lanes .numbers text"].map((selector) =>
        Array.from(document.querySelectorAll(selector), (element) => {
          const { top, bottom } = element.getBoundingClientRect();
          return { top, bottom };
        })
      )
    );
    const isCovered = spans[0]!.some(({ top, bottom }) => {
      return spans[1]!.some((number) => number.top < bottom && top < number.bottom);
    });
    assert(!isCovered, "A number covers a result");
  },
);

browserTest(
  "renderPage() shows the state before and after at the pointer, and keeps it after a click",
  stale,
  async (page) => {
    await bar(page, "Client 1").hover();
    const tip = await textOf(page, "#tip");
    assertMatch(tip, /Number 2 of 3 in the order/);
    assertMatch(tip, /State before\s+"a"\s+State after\s+"ab"/);
    await bar(page, "Client 2").hover();
    const stuck = await textOf(page, "#tip");
    assertMatch(stuck, /✗ Cannot be placed, named by the reason \(stale read\)/);
    assertMatch(stuck, /State after the placed operations\s+"ab"/);
    await bar(page, "Client 0: append").click();
    await page.mouse.move(5, 5);
    await page.locator("#tip").waitFor({ state: "hidden" });
    assertMatch(await textOf(page, "#pinned"), /Client 0[^]*State after\s+"a"/);
    await press(page, "Next in the order");
    assertMatch(await textOf(page, "#pinned"), /Client 1[^]*State after\s+"ab"/);
    await press(page, "Unpin");
    assertEquals(await textOf(page, "#pinned"), "");
  },
);

browserTest(
  "renderPage() scrolls to the operation that cannot be placed",
  () => {
    // One client after the other, far more than fit, and the last one reads something old.
    const operations = Array.from({ length: 300 }, (_, i): Operation => {
      const times = { client: i, key: "k", call: 2 * i, return: 2 * i + 1 };
      return i < 299
        ? { op: "put", value: `${i}`, ...times }
        : { op: "get", output: "7", ...times };
    });
    return contentOf(operations);
  },
  async (page) => {
    const stuck = bar(page, "Client 299");
    const isInView = () =>
      stuck.evaluate((element) => {
        const own = element.getBoundingClientRect();
        const pane = element.closest(".pane")!.getBoundingClientRect();
        return own.top >= pane.top && own.bottom <= pane.bottom && own.left >= pane.left &&
          own.right <= pane.right && own.width > 0;
      });
    assert(!await isInView(), "It was in view already");
    await press(page, SHOW_STUCK);
    assert(await isInView());
    assertStringIncludes(await stuck.textContent() ?? "", '✗ ! get("k")');
    assertMatch(await textOf(page, "#pinned"), /Cannot be placed/);
    assertMatch(await focused(page), /^Client 299/);
  },
);

browserTest(
  "renderPage() links the reason to each operation that shows it, and these to each other",
  stale,
  async (page) => {
    const links = page.getByRole("group", { name: "Operations that show why" });
    assertEquals(await links.getByRole("button").allInnerTexts(), [
      '✗ Client 2: get("k")',
      '! Client 3: get("k")',
      '! Client 0: append("k", "a")',
      '! Client 1: append("k", "b")',
    ]);
    await page.getByRole("button", { name: /^Show Client 1: append.*named by the reason/ }).focus();
    await page.keyboard.press("Enter");
    assertMatch(await focused(page), /^Client 1: append/);
    assertMatch(await textOf(page, "#pinned"), /named by the reason/);
    for (const next of ["Client 2: get", "Client 3: get"]) {
      await page.keyboard.press("w");
      assertStringIncludes(await focused(page), next);
    }
    await press(page, "Next that shows why");
    assertMatch(await focused(page), /^Client 2: get/);
  },
);

browserTest(
  "renderPage() puts failing keys first, and finds keys by name",
  faulty,
  async (page) => {
    const tabs = page.getByRole("tab");
    assertEquals((await tabs.allInnerTexts()).map((text) => text[0]), ["✗", "✗", "✓"]);
    await page.getByRole("searchbox", { name: "Search by key" }).fill("1");
    await page.locator("#search-count", { hasText: "1 of 3 keys" }).waitFor();
    assertEquals(await tabs.count(), 1);
    await page.keyboard.press("Enter");
    await page.locator("#verdict", { hasText: '✓ Key "1" is linearizable' }).waitFor();
    assertEquals(new URL(page.url()).hash, "#key=1");
    assert(await page.getByRole("group", { name: "Operations that show why" }).isHidden());
  },
);

browserTest("renderPage() opens the key that the address names", faulty, async (page) => {
  assertStringIncludes(await textOf(page, "#verdict"), 'Key "1"');
}, { hash: "#key=1" });

browserTest("renderPage() can be used with the keyboard alone", faulty, async (page) => {
  const { keyboard } = page;
  const links = page.getByRole("group", { name: "Operations that show why" });
  await links.getByRole("button").last().focus();
  await keyboard.press("Tab");
  const first = await focused(page);
  assertMatch(first, /^Clerk \d: /);
  await keyboard.press("Home");
  await keyboard.press("ArrowRight");
  const [, clerk] = (await focused(page)).match(/^Clerk (\d): /)!;
  assert(await focused(page) !== first);
  await keyboard.press("ArrowDown");
  const below = `Clerk ${Number(clerk) + 1}`;
  assertStringIncludes(await focused(page), below);
  await keyboard.press("Enter");
  assertStringIncludes(await textOf(page, "#pinned"), below);
  await keyboard.press("Escape");
  assertEquals(await textOf(page, "#pinned"), "");
  const whole = await page.locator("#axis").textContent();
  for (let i = 0; i < 4; i++) await changeAxis(page, () => keyboard.press("+"));
  assertEquals(await changeAxis(page, () => keyboard.press("0")), whole);
  await keyboard.press("Tab");
  assertMatch(await focused(page), /^Request \d+, clerk \d to server \d, KVServer\./);
});

browserTest("renderPage() zooms with the wheel and moves with a drag", faulty, async (page) => {
  await changeAxis(page, () => wheel(page, -600));
  await changeAxis(page, async () => {
    await page.mouse.down();
    await page.mouse.move(400, 400, { steps: 3 });
    await page.mouse.up();
  });
  assertEquals(await textOf(page, "#pinned"), "", "A drag is not a click");
});

browserTest("renderPage() draws messages, drops, late replies and faults", faulty, async (page) => {
  const texts = await page.locator("#messages .plot text").allTextContents();
  for (const text of ["lost", "late", "■ stopped"]) {
    assert(texts.some((shown) => shown.includes(text)), `${text} is not shown`);
  }
  for (const stroke of ["request", "reply", "late", "cross", "ring", "gave-up", "work"]) {
    const paths = page.locator(`#messages .stroke.${stroke}[d^="M"]`);
    assert(await paths.count() > 0, `Nothing is drawn as ${stroke}`);
  }
  const names = await page.locator("#messages .names text").allTextContents();
  assertEquals(names.filter((name) => name.startsWith("server")), [
    ...["server 1 faults", "server 2 faults"],
    ...["server 0", "server 1", "server 2"],
  ]);
  // Callers are clerks here, as in the messages.
  assertEquals((await textOf(page, "body")).match(/client/i), null);
  await press(page, SHOW_STUCK);
  assertMatch(await textOf(page, "#pinned"), /Requests sent \(\d+\)\s+Request \d+, clerk/);
  assertMatch((await page.locator("#messages .own").getAttribute("d"))!, /^M/);
});

browserTest(
  "renderPage() shows the outcome of the message at the pointer",
  faulty,
  async (page) => {
    const ring = page.locator("#messages text.drop", { hasText: "late" }).first();
    const { x, y } = (await ring.boundingBox())!;
    await page.mouse.move(x - 9, y - 2);
    const tip = await textOf(page, "#tip");
    assertMatch(tip, /✗ Reply came too late at [\d.]+ ms/);
    assertMatch(tip, /KVServer\.\w+, clerk \d → server \d/);
    await page.mouse.click(x - 9, y - 2);
    assertMatch(await textOf(page, "#pinned"), /Reply came too late/);
  },
);

browserTest("renderPage() shows operations by order of events on request", faulty, async (page) => {
  const byOrder = () => changeAxis(page, () => press(page, "Show by order"));
  const whole = await byOrder();
  assertMatch(whole, /^#/);
  assertMatch(await changeAxis(page, () => press(page, "Show by time")), /^0 ms/);
  await press(page, SHOW_STUCK);
  for (let i = 0; i < 4; i++) await changeAxis(page, () => press(page, "Zoom in"));
  assert(await byOrder() !== whole, "What was in view does not stay there");
});

const HOSTILE = [
  "</script><script>globalThis.broken = 1</script>",
  `<img src="x" onerror="globalThis.broken = 1">`,
  "<!-- & ' \" --> ]]> &lt; ${1} {{ title }} $& \\",
  "right\u202eleft \u009b \u2028 \ud83d",
];

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

const ELEMENTS_MAX = 1_500;

browserTest(
  "renderPage() draws only what is in view of 3,000 operations and 7,000 messages",
  () => recording({ operations: 3_000, clients: 30, lossProbability: 0.3 }),
  async (page) => {
    const countElements = () => page.locator("*").count();
    assert(await countElements() < ELEMENTS_MAX, "More is drawn than is in view");
    await changeAxis(page, () => wheel(page, -1_000));
    assert(await countElements() < ELEMENTS_MAX, "More is drawn than is in view after a zoom");
    assertMatch(await page.locator("#messages .plot").textContent() ?? "", /messages, .* dropped/);
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

browserTest(
  "renderPage() says of an undecided key that another one refutes the history",
  () => {
    const open = { name: "open", verdict: "inconclusive", operations: [], order: [], states: [] };
    return { title: "Test", parts: [...stale().parts, open as PagePart] };
  },
  async (page) => {
    await page.getByRole("tab").nth(1).click();
    await page.locator("#verdict", { hasText: '? Key "open" is inconclusive' }).waitFor();
    assertMatch(await textOf(page, "#verdict"), /not decided, as another key refutes the history/);
  },
);

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
    const dashes = lost.locator(".lost").evaluate((path) => getComputedStyle(path).strokeDasharray);
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
  "renderPage() keeps the texts of a story with 7 columns and 60 steps apart",
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
  },
);

for (const colorScheme of ["light", "dark"] as const) {
  const changesTheme = async (page: Page) => {
    const backOf = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const back = await backOf();
    assertEquals(back, colorScheme === "dark" ? "rgb(22, 24, 29)" : "rgb(255, 255, 255)");
    await press(page, "Light or dark");
    assert(await backOf() !== back, "The button does not change the colors");
  };
  browserTest(
    `renderPage() has no accessibility violations in ${colorScheme} mode`,
    () => ({ ...faulty(), story: longStory() }),
    async (page) => {
      await press(page, SHOW_STUCK);
      await page.getByText("The steps in words").click();
      assertEquals(await violationsIn(page), []);
      await changesTheme(page);
    },
    { colorScheme },
  );

  browserTest(
    `renderPage() shows a story without a history in ${colorScheme} mode`,
    () => ({ title: "A run that never ended", parts: [], story: STORY }),
    async (page) => {
      assert(await page.getByRole("img", { name: "Sequence diagram" }).isVisible());
      assertEquals(await page.getByRole("main").innerText(), "There are no operations to draw.");
      assertEquals(await page.getByRole("button").allInnerTexts(), ["Light or dark"]);
      assertEquals(await violationsIn(page), []);
      await changesTheme(page);
    },
    { colorScheme },
  );
}
