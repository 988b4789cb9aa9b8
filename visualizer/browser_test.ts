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

/** A recording with three keys, of which two are not linearizable. */
const faulty = () => recording({ operations: 60, clients: 4, keys: 3, executesTwice: true });

function bar(page: Page, label: string): Locator {
  return page.locator(`#lanes [aria-label^='${label}']`);
}

/** The box at the pointer. */
async function tipAt(page: Page, locator: Locator): Promise<string> {
  await locator.hover();
  return await page.locator("#tip").innerText();
}

/** Shows the operation that cannot be placed, by the link to it. */
async function showStuck(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^Show .*cannot be placed/ }).click();
}

/** Returns the text of the axis. */
async function axisText(page: Page): Promise<string> {
  return await page.locator("#axis").textContent() ?? "";
}

async function axisChanges(page: Page, before: string): Promise<void> {
  await page.waitForFunction(
    (text) => document.querySelector("#axis")!.textContent !== text,
    before,
  );
}

/** Returns true if all of an element can be seen in its pane. */
async function isInView(locator: Locator): Promise<boolean> {
  return await locator.evaluate((element) => {
    const own = element.getBoundingClientRect();
    const pane = element.closest(".pane")!.getBoundingClientRect();
    return own.top >= pane.top && own.bottom <= pane.bottom && own.left >= pane.left &&
      own.right <= pane.right && own.width > 0;
  });
}

browserTest(
  "renderPage() says what is wrong and why as soon as the page opens",
  () => contentOf(STALE),
  async (page) => {
    const verdict = await page.locator("#verdict").innerText();
    assertStringIncludes(verdict, '✗ Key "k" is not linearizable: stale read');
    assertStringIncludes(verdict, "found an older value than");
    assertStringIncludes(verdict, "holds 3 of 5 operations");
  },
);

browserTest(
  "renderPage() shows a lane for each client, and call and result in each bar",
  () => contentOf(STALE),
  async (page) => {
    assertEquals(await page.locator("#lanes .names text").allTextContents(), [
      "client 0",
      "client 1",
      "client 2",
      "client 3",
    ]);
    const placed = bar(page, "Client 1");
    assertEquals(await placed.locator("text").allTextContents(), ['! append("k", "b")', '→ "a"']);
    const stuck = bar(page, "Client 2");
    assertMatch(await stuck.textContent() ?? "", /^✗ ! get\("k.*→ "a"$/);
    assertEquals(await page.locator("#lanes .numbers text").allTextContents(), ["1", "2", "3"]);
  },
);

browserTest(
  "renderPage() tells placed, stuck and other bars apart without colour",
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
    const unplaced = await styleOf("Client 0: put");
    assertEquals(placed.strokeDasharray, "none");
    assert(unplaced.strokeDasharray !== "none");
    assert(parseFloat(stuck.strokeWidth) > parseFloat(placed.strokeWidth));
    assertEquals(stuck.fill, "rgb(253, 227, 225)", "The bar that cannot be placed is not red");
  },
);

browserTest(
  "renderPage() draws an open end when an operation never returned",
  () => contentOf(STALE),
  async (page) => {
    const open = bar(page, "Client 0: put");
    assertStringIncludes(await open.textContent() ?? "", "never");
    const zigzag = /l4 4l-4 4/;
    assertMatch((await open.locator("path").getAttribute("d"))!, zigzag);
    const closed = await bar(page, "Client 1").locator("path").getAttribute("d");
    assert(!zigzag.test(closed!));
  },
);

browserTest(
  "renderPage() shows the state before and after when the pointer is on a bar",
  () => contentOf(STALE),
  async (page) => {
    const tip = await tipAt(page, bar(page, "Client 1"));
    assertMatch(tip, /Number 2 of 3 in the order/);
    assertMatch(tip, /State before\s+"a"\s+State after\s+"ab"/);
    const stuck = await tipAt(page, bar(page, "Client 2"));
    assertMatch(stuck, /✗ Cannot be placed, named by the reason \(stale read\)/);
    assertMatch(stuck, /State after the placed operations\s+"ab"/);
    await page.mouse.move(5, 5);
    assert(await page.locator("#tip").isHidden());
  },
);

browserTest(
  "renderPage() keeps the details when a bar is clicked",
  () => contentOf(STALE),
  async (page) => {
    const panel = page.locator("#pinned");
    await bar(page, "Client 0: append").click();
    await page.mouse.move(5, 5);
    assertMatch(await panel.innerText(), /Client 0[^]*State after\s+"a"/);
    await page.getByRole("button", { name: "Next in the order" }).click();
    assertMatch(await panel.innerText(), /Client 1[^]*State after\s+"ab"/);
    await page.getByRole("button", { name: "Unpin" }).click();
    assertEquals(await panel.innerText(), "");
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
    assert(!await isInView(stuck), "It was in view already");
    await showStuck(page);
    assert(await isInView(stuck));
    assertStringIncludes(await stuck.textContent() ?? "", '✗ ! get("k")');
    assertMatch(await page.locator("#pinned").innerText(), /Cannot be placed/);
    const focused = await page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
    assertMatch(focused!, /^Client 299/);
  },
);

browserTest(
  "renderPage() leads from the reason to each operation that tells why, and on to the next",
  () => contentOf(STALE),
  async (page) => {
    const links = page.getByRole("group", { name: "Operations that tell why" })
      .getByRole("button");
    assertEquals(await links.allInnerTexts(), [
      '✗ Client 2: get("k")',
      '! Client 3: get("k")',
      '! Client 0: append("k", "a")',
      '! Client 1: append("k", "b")',
    ]);
    const focused = () =>
      page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? "");
    const append = page.getByRole("button", {
      name: /^Show Client 1: append.*named by the reason/,
    });
    await append.focus();
    await page.keyboard.press("Enter");
    assertMatch(await focused(), /^Client 1: append/);
    assertMatch(await page.locator("#pinned").innerText(), /named by the reason/);
    await page.keyboard.press("w");
    assertMatch(await focused(), /^Client 2: get/);
    await page.keyboard.press("w");
    assertMatch(await focused(), /^Client 3: get/);
    await page.getByRole("button", { name: "Next that tells why" }).click();
    assertMatch(await focused(), /^Client 2: get/);
  },
);

browserTest(
  "renderPage() keeps the numbers of the order apart from the results",
  () => contentOf(STALE),
  async (page) => {
    // Wherever they stand along the axis: zooming moves one over the other.
    const overlaps = await page.evaluate(() => {
      const boxes = (selector: string) =>
        [...document.querySelectorAll(selector)].map((element) => element.getBoundingClientRect());
      return boxes("#lanes .result").some((result) =>
        boxes("#lanes .numbers text").some((number) => {
          return number.top < result.bottom && result.top < number.bottom;
        })
      );
    });
    assert(!overlaps, "A number covers a result");
  },
);

browserTest(
  "renderPage() puts failing keys first, and finds keys by their name",
  faulty,
  async (page) => {
    const tabs = page.getByRole("tab");
    assertEquals(await tabs.allInnerTexts().then((texts) => texts.map((text) => text[0])), [
      "✗",
      "✗",
      "✓",
    ]);
    await page.getByRole("searchbox", { name: "Search by key" }).fill("1");
    assertEquals(await tabs.filter({ visible: true }).count(), 1);
    assertEquals(await page.locator("#search-count").innerText(), "1 of 3 keys");
    await page.keyboard.press("Enter");
    assertStringIncludes(await page.locator("#verdict").innerText(), '✓ Key "1" is linearizable');
    assertEquals(new URL(page.url()).hash, "#key=1");
    assert(await page.getByRole("group", { name: "Operations that tell why" }).isHidden());
  },
);

browserTest("renderPage() opens the key that the address names", faulty, async (page) => {
  assertStringIncludes(await page.locator("#verdict").innerText(), 'Key "1"');
}, { hash: "#key=1" });

browserTest("renderPage() can be used with the keyboard alone", faulty, async (page) => {
  const label = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? "");
  await page.getByRole("group", { name: "Operations that tell why" }).getByRole("button").last()
    .focus();
  await page.keyboard.press("Tab");
  const first = await label();
  assertMatch(first, /^Clerk \d: /);
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  assertMatch(await label(), /^Clerk \d: /);
  assert(await label() !== first);
  const clerk = (await label())[6]!;
  await page.keyboard.press("ArrowDown");
  assertEquals((await label())[6], String(Number(clerk) + 1));
  await page.keyboard.press("Enter");
  const name = (await label()).slice(0, 7);
  assertStringIncludes(await page.locator("#pinned").innerText(), name);
  await page.keyboard.press("Escape");
  assertEquals(await page.locator("#pinned").innerText(), "");
  const whole = await axisText(page);
  for (let before = whole, i = 0; i < 4; i++, before = await axisText(page)) {
    await page.keyboard.press("+");
    await axisChanges(page, before);
  }
  await page.keyboard.press("0");
  await page.waitForFunction(
    (text) => document.querySelector("#axis")!.textContent === text,
    whole,
  );
  await page.keyboard.press("Tab");
  assertMatch(await label(), /^Message \d+, clerk \d to server \d, KVServer\./);
});

browserTest("renderPage() zooms with the wheel and moves with a drag", faulty, async (page) => {
  const whole = await axisText(page);
  await page.mouse.move(700, 400);
  await page.keyboard.down("Control");
  await page.mouse.wheel(0, -600);
  await page.keyboard.up("Control");
  await axisChanges(page, whole);
  const zoomed = await axisText(page);
  await page.mouse.down();
  await page.mouse.move(400, 400, { steps: 3 });
  await page.mouse.up();
  await axisChanges(page, zoomed);
  assertEquals(await page.locator("#pinned").innerText(), "", "A drag is not a click");
});

browserTest("renderPage() draws messages, drops, late replies and faults", faulty, async (page) => {
  const texts = await page.locator("#messages .plot text").allTextContents();
  for (const text of ["lost", "late", "■ stopped"]) {
    assert(texts.some((shown) => shown.includes(text)), `${text} is not shown`);
  }
  for (const stroke of ["request", "reply", "late", "cross", "ring", "gave-up", "work"]) {
    const path = page.locator(`#messages .stroke.${stroke}`);
    assertMatch((await path.getAttribute("d"))!, /^M/, `Nothing is drawn as ${stroke}`);
  }
  const names = await page.locator("#messages .names text").allTextContents();
  assertEquals(names.slice(0, 2), ["server 1 faults", "server 2 faults"]);
  assertEquals(names.filter((name) => /^server \d$/.test(name)), [
    "server 0",
    "server 1",
    "server 2",
  ]);
});

browserTest(
  "renderPage() says what became of a message when the pointer is on it",
  faulty,
  async (page) => {
    const ring = page.locator("#messages text.drop", { hasText: "late" }).first();
    await page.locator("#network-pane").evaluate((pane) => pane.scrollTop = 0);
    const box = (await ring.boundingBox())!;
    await page.mouse.move(box.x - 9, box.y - 2);
    const tip = await page.locator("#tip").innerText();
    assertMatch(tip, /✗ Reply came too late at [\d.]+ ms/);
    assertMatch(tip, /KVServer\.\w+, clerk \d → server \d/);
    await page.mouse.click(box.x - 9, box.y - 2);
    assertMatch(await page.locator("#pinned").innerText(), /Reply came too late/);
  },
);

browserTest(
  "renderPage() lists the messages of an operation when it is pinned",
  faulty,
  async (page) => {
    await showStuck(page);
    const panel = await page.locator("#pinned").innerText();
    assertMatch(panel, /Messages sent \(\d+\)\s+Message \d+, clerk/);
    assertMatch((await page.locator("#messages .own").getAttribute("d"))!, /^M/);
  },
);

browserTest(
  "renderPage() orders operations by event when their times are too close",
  faulty,
  async (page) => {
    await page.getByRole("button", { name: "Show by order" }).click();
    assert(await page.getByRole("button", { name: "Show by time" }).isVisible());
    const shows = (text: string) =>
      document.querySelector("#axis text")?.textContent?.startsWith(text);
    await page.waitForFunction(shows, "#");
    await page.getByRole("button", { name: "Show by time" }).click();
    await page.waitForFunction(shows, "0 ms");
  },
);

const HOSTILE = [
  "</script><script>globalThis.broken = 1</script>",
  `<img src="x" onerror="globalThis.broken = 1">`,
  "<!-- & ' \" --> ]]> &lt; ${1} {{ title }} $& \\",
  "right\u202eleft \u0000 \u2028 \ud83d",
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
    assertEquals(await page.locator("h1").innerText(), HOSTILE[0]!);
    const notes = await page.locator("#story dd").allTextContents();
    assertEquals([notes.length, notes[1], notes[5]], [8, HOSTILE[1]!, HOSTILE[1]!]);
    assertEquals(await page.locator("#story > details > summary").innerText(), HOSTILE[0]!);
    const step = await page.locator("#story li").nth(1).textContent();
    assertEquals(step, `0.0 ms, ${HOSTILE[1]}: ${HOSTILE[1]}`);
    for (const [i, value] of HOSTILE.entries()) {
      await page.getByRole("tab").nth(i).click();
      const found = await page.locator("#lanes [data-operation]").getAttribute("aria-label");
      const shown = JSON.stringify(value).replace("\u202e", "\\u202e").replace("\u2028", "\\u2028");
      assertStringIncludes(found!, `put(${shown}, ${shown})`);
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
  await showStuck(page);
  const panel = await page.locator("#pinned").innerText();
  assertMatch(panel, /Result\s+"start xx[^]*…\[996,011 characters\]…[^]*xx end!"/);
  assert(panel.length < 20_000);
  const tip = await tipAt(page, bar(page, "Client 0"));
  assertMatch(tip, /append\("k", "start xx/);
  assert(tip.length < 1_500, `${tip.length} characters are too many for a box`);
});

const ELEMENTS_MAX = 3_000;

browserTest(
  "renderPage() draws only what is in view, of 10,000 operations and 20,000 messages",
  () => recording({ operations: 10_000, clients: 30, lossProbability: 0.3 }),
  async (page) => {
    const countElements = () => page.evaluate(() => document.querySelectorAll("*").length);
    assert(await countElements() < ELEMENTS_MAX, "More is drawn than is in view");
    const whole = await axisText(page);
    await page.mouse.move(700, 400);
    await page.keyboard.down("Control");
    await page.mouse.wheel(0, -1_000);
    await page.keyboard.up("Control");
    await axisChanges(page, whole);
    assert(await countElements() < ELEMENTS_MAX, "More is drawn than is in view, when zoomed");
    assertMatch(await page.locator("#messages .plot").textContent() ?? "", /messages, .* dropped/);
  },
);

browserTest(
  "renderPage() draws only the first of 30,000 keys, and more as one scrolls",
  () =>
    contentOf(Array.from({ length: 30_000 }, (_, i): Operation => {
      return { client: 0, op: "put", key: `key ${i}`, value: "", call: 2 * i, return: 2 * i + 1 };
    })),
  async (page) => {
    const tabs = page.getByRole("tab");
    assertEquals(await tabs.count(), 200);
    await page.locator("#tabs").evaluate((list) => list.scrollTop = list.scrollHeight);
    await page.waitForFunction(() => document.querySelectorAll("[role=tab]").length > 200);
    await page.getByRole("searchbox", { name: "Search by key" }).fill("29999");
    assertEquals(await tabs.count(), 1);
    await page.keyboard.press("Enter");
    assertStringIncludes(await page.locator("#verdict").innerText(), 'Key "key 29999"');
    await page.getByRole("searchbox", { name: "Search by key" }).fill("");
    assertEquals(await tabs.count(), 201);
    const reachable = page.locator("[role=tab][tabindex='0']");
    assertStringIncludes(await reachable.innerText(), "key 29999");
    await page.getByRole("searchbox", { name: "Search by key" }).fill("key 7");
    assertEquals(await reachable.count(), 1);
  },
);

browserTest(
  "renderPage() says of an undecided key that another one refutes the history",
  () => {
    const { title, parts } = contentOf(STALE);
    const open = { name: "open", verdict: "inconclusive", operations: [], order: [], states: [] };
    return { title, parts: [...parts, open as PagePart] };
  },
  async (page) => {
    await page.getByRole("tab").nth(1).click();
    const verdict = await page.locator("#verdict").innerText();
    assertStringIncludes(verdict, '? Key "open" is inconclusive');
    assertStringIncludes(verdict, "not decided, as another key refutes the history");
  },
);

browserTest(
  "renderPage() escapes characters that turn the direction once, in keys",
  () =>
    contentOf([
      { client: 0, op: "put", key: 'a\u202e\u009b"', value: "", call: 0, return: 1 },
    ]),
  async (page) => {
    const verdict = await page.locator("#verdict").innerText();
    assertStringIncludes(verdict, 'Key "a\\u202e\\u009b\\"" is linearizable');
    const tab = page.locator("[role=tab] .name");
    assertEquals(await tab.textContent(), 'a\\u202e\\u009b\\"');
    assert(await tab.isHidden(), "There is a list of one key");
  },
);

browserTest(
  "renderPage() calls callers clerks in a run that has messages, as the messages do",
  () => ({
    ...contentOf(STALE),
    messages: [{ id: 0, from: "clerk 0", to: "server 0", method: "KVServer.get", sentMs: 0 }],
  }),
  async (page) => {
    await page.locator("#lanes [data-operation]").first().waitFor();
    assertEquals((await page.locator("body").innerText()).match(/client/i), null);
    assert(await bar(page, "Clerk 0: append").isVisible());
  },
);

browserTest(
  "renderPage() tells the smallest story above the lanes, until it is closed",
  () => ({ ...faulty(), story: STORY }),
  async (page) => {
    assertEquals(await page.evaluate(() => scrollY), 0, "The page opens below the story");
    assertEquals(await page.locator("#verdict h2").innerText(), '✗ Key "2" is not linearizable');
    assert(await page.locator("#verdict .reason").isHidden(), "The story says why already");
    await showStuck(page);
    assertMatch(await page.locator("#pinned").innerText(), /Why\s+append.* took effect twice/);
    const story = page.getByRole("region", { name: "The smallest run that fails" });
    const drawing = story.getByRole("img", { name: "Sequence diagram of clerk 0, server 0" });
    assertEquals(await story.locator(".headings text").allTextContents(), [
      "ms",
      "clerk 0",
      "server 0",
    ]);
    const lost = drawing.locator(".step", { has: page.locator(".lost") });
    assertEquals(await lost.locator("text").allTextContents(), ["0.5", "lost", '1: ""']);
    const ends = async (locator: Locator) => {
      const { x, width } = (await locator.boundingBox())!;
      return { left: x, right: x + width };
    };
    const [clerk, server] = await Promise.all([1, 2].map((column) => {
      return ends(story.locator(".headings text").nth(column));
    }));
    const [word, cross] = [await ends(lost.getByText("lost")), await ends(lost.locator(".cross"))];
    assert(word.left > clerk!.left && word.right < cross.right, "It is not lost on its way");
    assert(cross.right < server!.left);
    const dashes = lost.locator(".lost").evaluate((path) => getComputedStyle(path).strokeDasharray);
    assert(await dashes !== "none");
    const heads = await Promise.all((await drawing.locator(".head").all()).map(ends));
    assertEquals(heads.map(({ left }) => left > cross.right), [true, true, false]);
    assert(await story.getByText("server 0 executed both").isVisible());
    const top = async (locator: Locator) => (await locator.boundingBox())!.y;
    assert(await top(drawing) < await top(page.locator("#lanes")));
    await story.getByText("The same in words").click();
    assertEquals(await story.getByRole("listitem").count(), STORY.steps.length);
    const before = await top(page.locator("#lanes"));
    await story.getByText(STORY.title).click();
    assert(await drawing.isHidden());
    assert(await top(page.locator("#lanes")) < before);
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
    assertEquals(overlaps, []);
    assertEquals(outside, []);
    const box = page.locator(".sequence");
    const top = () => page.locator(".headings").boundingBox().then((box) => box!.y);
    const before = await top();
    await box.evaluate((element) => element.scrollTo(element.scrollWidth, element.scrollHeight));
    assert(await box.evaluate(({ scrollTop }) => scrollTop > 0), "All of it was in view");
    assertEquals(await top(), before, "The headings go out of view");
    assert(
      await page.evaluate(() => document.body.scrollWidth <= innerWidth),
      "The page is too wide",
    );
  },
);

for (const colorScheme of ["light", "dark"] as const) {
  const backOf = (page: Page) =>
    page.evaluate(() => getComputedStyle(document.body).backgroundColor);

  browserTest(
    `renderPage() can be read by all when the page is ${colorScheme}`,
    () => ({ ...faulty(), story: longStory() }),
    async (page) => {
      await showStuck(page);
      await page.getByText("The same in words").click();
      assertEquals(await violationsIn(page), []);
      const back = await backOf(page);
      assertEquals(back, colorScheme === "dark" ? "rgb(22, 24, 29)" : "rgb(255, 255, 255)");
      await page.getByRole("button", { name: "Light or dark" }).click();
      assert(await backOf(page) !== back, "The button does not change the colours");
    },
    { colorScheme },
  );

  browserTest(
    `renderPage() tells a story without a history when the page is ${colorScheme}`,
    () => ({ title: "A run that never ended", parts: [], story: STORY }),
    async (page) => {
      assert(await page.getByRole("img", { name: "Sequence diagram" }).isVisible());
      assertEquals(await page.getByRole("main").innerText(), "There are no operations to draw.");
      assertEquals(await page.getByRole("button").allInnerTexts(), ["Light or dark"]);
      assertEquals(await violationsIn(page), []);
      const back = await backOf(page);
      await page.getByRole("button", { name: "Light or dark" }).click();
      assert(await backOf(page) !== back, "The button does not change the colours");
    },
    { colorScheme },
  );
}

browserTest(
  "renderPage() draws all lanes when it is printed",
  () => recording({ operations: 80, clients: 40 }),
  async (page) => {
    const lanes = () => page.locator("#lanes .names text").count();
    assert(await lanes() < 40);
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    assertEquals(await lanes(), 40);
  },
);
