/// <reference lib="dom" />
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { Operation } from "../linearizability/mod.ts";
import { testExtremes } from "./browser_extremes_fixture.ts";
import { browserTest, closeBrowser } from "./browser_fixture.ts";
import {
  bar,
  changeAxis,
  contentOf,
  faulty,
  focused,
  press,
  SHOW_STUCK,
  textOf,
  wheel,
} from "./browser_steps_fixture.ts";
import { testStories } from "./browser_story_fixture.ts";
import type { PagePart } from "./content.ts";

Deno.test.afterAll(closeBrowser);

/** Two appends that a read saw, a later read that misses one, a put without end, and a read that
 * threw. */
const STALE: (Operation & { error?: string })[] = [
  { client: 0, op: "append", key: "k", value: "a", output: "", call: 0, return: 1 },
  { client: 1, op: "append", key: "k", value: "b", output: "a", call: 2, return: 4 },
  { client: 3, op: "get", key: "k", output: "ab", call: 3, return: 5 },
  { client: 2, op: "get", key: "k", output: "a", call: 6, return: 7 },
  { client: 0, op: "put", key: "k", value: "c", call: 8, return: null },
  { client: 1, op: "get", key: "k", call: 9, return: null, error: "TimeoutError: no reply" },
];

const stale = () => contentOf(STALE);

browserTest(
  "renderPage() shows what is wrong and why, and the state before and after each operation",
  stale,
  async (page) => {
    const verdict = await textOf(page, "#verdict");
    assertStringIncludes(verdict, '✗ Key "k" is not linearizable: stale read');
    assertStringIncludes(verdict, "found an older value than");
    assertStringIncludes(verdict, "holds 3 of 6 operations");
    assert(await page.locator("#parts").isHidden(), "There is a list of one key");
    const names = await page.locator("#lanes .names text").allTextContents();
    assertEquals(names, ["client 0", "client 1", "client 2", "client 3"]);
    assertEquals(await bar(page, "Client 1: append").locator("text").allTextContents(), [
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
    assertMatch(await bar(page, "Client 1: get").textContent() ?? "", /threw Tim/);
    assert(!zigzag.test((await bar(page, "Client 1: append").locator("path").getAttribute("d"))!));

    await bar(page, "Client 1: append").hover();
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
  "renderPage() opens the key that the address names, puts failing keys first, and finds others",
  () => {
    const open = { name: "open", verdict: "inconclusive", operations: [], order: [], states: [] };
    const content = faulty();
    return { ...content, parts: [...content.parts, open as PagePart] };
  },
  async (page) => {
    const verdict = page.locator("#verdict");
    assertStringIncludes(await verdict.innerText(), '✓ Key "1" is linearizable');
    assert(await page.getByRole("group", { name: "Operations that show why" }).isHidden());
    const tabs = page.getByRole("tab");
    assertEquals((await tabs.allInnerTexts()).map((text) => text[0]), ["✗", "✗", "?", "✓"]);
    await page.getByRole("searchbox", { name: "Search by key" }).fill("op");
    await page.locator("#search-count", { hasText: "1 of 4 keys" }).waitFor();
    assertEquals(await tabs.count(), 1);
    await page.keyboard.press("Enter");
    await verdict.filter({ hasText: '? Key "open" is inconclusive' }).waitFor();
    assertMatch(await verdict.innerText(), /not decided, because another key refutes the history/);
    assertEquals(new URL(page.url()).hash, "#key=open");
  },
  { hash: "#key=1" },
);

browserTest(
  "renderPage() can be used with the keyboard alone, or with wheel and mouse",
  faulty,
  async (page) => {
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

    await changeAxis(page, () => wheel(page, -600));
    await changeAxis(page, async () => {
      await page.mouse.down();
      await page.mouse.move(400, 400, { steps: 3 });
      await page.mouse.up();
    });
    assertEquals(await textOf(page, "#pinned"), "", "A drag is not a click");
  },
);

browserTest(
  "renderPage() draws messages and faults by time, or by order on request",
  faulty,
  async (page) => {
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
    const ring = page.locator("#messages text.drop", { hasText: "late" }).first();
    const { x, y } = (await ring.boundingBox())!;
    await page.mouse.move(x - 9, y - 2);
    const tip = await textOf(page, "#tip");
    assertMatch(tip, /✗ Reply came too late at [\d.]+ ms/);
    assertMatch(tip, /KVServer\.\w+, clerk \d → server \d/);
    await page.mouse.click(x - 9, y - 2);
    assertMatch(await textOf(page, "#pinned"), /Reply came too late/);

    await press(page, SHOW_STUCK);
    assertMatch(await textOf(page, "#pinned"), /Requests sent \(\d+\)\s+Request \d+, clerk/);
    assertMatch((await page.locator("#messages .own").getAttribute("d"))!, /^M/);

    await press(page, "Fit");
    const byOrder = () => changeAxis(page, () => press(page, "Show by order"));
    const whole = await byOrder();
    assertMatch(whole, /^#/);
    assertMatch(await changeAxis(page, () => press(page, "Show by time")), /^0 ms/);
    await press(page, SHOW_STUCK);
    for (let i = 0; i < 4; i++) await changeAxis(page, () => press(page, "Zoom in"));
    assert(await byOrder() !== whole, "What was in view does not stay there");
  },
);

testExtremes();
testStories();
