/// <reference lib="dom" />
import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Page } from "playwright-core";
import { closeBrowser, pageTest, violationsIn } from "../../visualizer/browser_fixture.ts";
import { withDebugger } from "./debugger_fixture.ts";

Deno.test.afterAll(closeBrowser);

/** A server that executes every request, including retries. */
const EXECUTES_TWICE = "corpus/no_duplicate_table";

/** The time after which a text is missing, in real milliseconds: a change of the files is checked in
 * processes that have to start first. */
const SHOW_MS_MAX = 20_000;

/** Waits until an element shows a text, and returns all that it shows. */
async function shows(page: Page, element: string, text: string | RegExp): Promise<string> {
  const found = page.locator(element).filter({ hasText: text }).first();
  await found.waitFor({ timeout: SHOW_MS_MAX });
  return await found.innerText();
}

async function press(page: Page, name: string | RegExp): Promise<void> {
  await page.getByRole("button", { name }).first().click();
}

/** Returns the row of a table inside of a server, for example `"0" | "x"`. */
async function tableRow(page: Page): Promise<string> {
  const row = page.locator(".machine", { hasText: "server 0" }).locator("tbody tr").first();
  return (await row.locator("th, td").allInnerTexts()).filter((text) => text !== "").join(" | ");
}

/** Uses a folder with the clerk of another folder and this server. */
async function withSubmission(
  clerkOf: string,
  server: string,
  use: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.copyFile(`${clerkOf}/client.ts`, `${folder}/client.ts`);
    await Deno.writeTextFile(`${folder}/server.ts`, server);
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

pageTest(
  "a person steps to the event that executes a duplicate, then to the failure, and saves another branch",
  async (page) => {
    const wanted = { submission: EXECUTES_TWICE, test: "TestUnreliable", seed: 1 };
    await withDebugger(page, wanted, async () => {
      await shows(page, "#sentence", "The reply to request 1 is lost");
      assertEquals(await tableRow(page), '"0" | "x 0 0 y"');
      await page.keyboard.press("Shift+ArrowRight");
      await shows(page, "#sentence", "clerk 0 sends request 2");
      await page.keyboard.press("ArrowRight");
      await shows(page, "#sentence", "server 0 gets request 2");
      await shows(page, ".machine", "x 0 0 yx 0 0 y");
      assertEquals(await tableRow(page), '"0" | "x 0 0 yx 0 0 y" | ~ changed');
      await page.keyboard.press("ArrowLeft");
      await shows(page, "#sentence", "clerk 0 sends request 2");
      assertEquals(await tableRow(page), '"0" | "x 0 0 y"');
      assertEquals(await violationsIn(page), []);
      await press(page, "To the failure");
      await shows(page, "#verdict", "took effect twice");
      await page.keyboard.press("Home");
      await shows(page, "#sentence", "Event 0 of");
      await shows(page, "#verdict", "Linearizable");

      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("ArrowRight");
      await shows(page, "#sentence", "clerk 0 sends request 1");
      await press(page, "Deliver request 1");
      await press(page, "Deliver reply 1");
      await shows(page, "#verdict", "Linearizable, 1 operation so far");
      await press(page, "Start");
      await press(page, "Deliver request 2");
      await press(page, "Drop reply 2");
      await press(page, "Run on");
      await shows(page, "#verdict", "took effect twice");
      const download = page.waitForEvent("download");
      await press(page, "Save");
      const file = await (await download).path();
      const told = await shows(page, ".banner", "Digest");
      const [, options] = told.match(/task replay --schedule=\S+ (.*)/)!;
      const { code, stdout } = await new Deno.Command(Deno.execPath(), {
        args: ["task", "replay", `--schedule=${file}`, options!],
      }).output();
      assertEquals(code, 1);
      const text = new TextDecoder().decode(stdout);
      const [, what] = told.match(/It fails: (.+)\. Digest/)!;
      assertStringIncludes(text, what!);
      assertStringIncludes(told, text.match(/^digest (\w+)/m)![1]!);
      await page.getByLabel("Branch").selectOption({ index: 0 });
      await shows(page, "#sentence", "clerk 0 sends request 1");
    });
  },
);

pageTest(
  "a person builds a lost reply and a retry, and sees what that breaks",
  async (page) => {
    await withDebugger(page, { submission: EXECUTES_TWICE }, async () => {
      await press(page, "Build");
      await press(page, "Start");
      await press(page, "Deliver request 1");
      await press(page, "Drop reply 1");
      await press(page, "Fire timeout of request 1");
      await press(page, "Deliver request 2");
      await shows(page, "#verdict", "Linearizable");
      await press(page, "Deliver reply 2");
      await shows(page, "#verdict", "took effect twice");
      assertEquals(await violationsIn(page), []);
    });
  },
  "dark",
);

pageTest(
  "the page says that server.ts cannot be used, and when it is right that the schedule does not fail any more",
  async (page) => {
    const right = await Deno.readTextFile("server.ts");
    const wrong = right.replace(/^.*seq === latest\.seq.*\n/m, "");
    await withSubmission(".", wrong, async (folder) => {
      const wanted = { submission: folder, test: "TestUnreliable", seed: 1 };
      await withDebugger(page, wanted, async () => {
        await shows(page, "#sentence", "The reply to request 1 is lost");
        await Deno.writeTextFile(`${folder}/server.ts`, `import "node:fs";\n${right}`);
        await shows(
          page,
          ".banner",
          "server.ts changed, and this page still shows the code before",
        );
        await page.reload();
        await shows(page, ".banner", 'server.ts:1: The import of "node:fs" is not');
        await Deno.writeTextFile(`${folder}/server.ts`, right);
        const told = await shows(page, ".banner", "does not fail any more");
        assertStringIncludes(told, "server.ts changed");
        await press(page, "Close");
        await page.keyboard.press("End");
        await shows(page, "#verdict", "Linearizable, 1 operation so far");
      });
    });
  },
);

pageTest(
  "a person goes on before the event at which the code throws, until the debugger has ended",
  async (page) => {
    const server = await Deno.readTextFile(`${EXECUTES_TWICE}/server.ts`);
    const throwing = server.replace(
      "const old =",
      'if (args.value !== "") throw "no"; const old =',
    );
    await withSubmission(EXECUTES_TWICE, throwing, async (folder) => {
      await withDebugger(page, { submission: folder }, async (running) => {
        await press(page, "Build");
        await page.getByLabel("value").fill("<i>c</i>");
        await press(page, "Start");
        await press(page, "Deliver request 1");
        await shows(page, ".banner", "Your code threw an error on server 0");
        await press(page, "Previous event");
        await shows(page, "#sentence", "clerk 0 sends request 1");
        await press(page, "Drop request 1");
        await shows(page, "#sentence", "Request 1 is lost");
        assertEquals(await page.locator(".banner").count(), 0);
        await shows(page, "#diagram", 'append("0", "<i>c</i>")');
        await running[Symbol.asyncDispose]();
        await page.getByRole("dialog", { name: "The debugger has ended" }).waitFor();
      });
    });
  },
);

pageTest(
  "the page cuts a long value, opens it on a click, and fits into a narrow window",
  async (page) => {
    await withDebugger(page, { submission: EXECUTES_TWICE }, async () => {
      const value = `begin${"-".repeat(1000)}end`;
      await press(page, "Build");
      await page.getByLabel("value").fill(value);
      await press(page, "Start");
      // In a narrow window, nothing covers the buttons.
      const size = page.viewportSize()!;
      await page.setViewportSize({ ...size, width: 390 });
      await press(page, "Run on");
      await page.setViewportSize(size);
      await press(page, /^Show all 1,\d+ characters$/);
      await shows(page, ".machine", value);
      // The panel scrolls, and the page does not.
      await page.setViewportSize({ ...size, height: 400 });
      const pageHeight = await page.evaluate(() => document.documentElement.scrollHeight);
      await page.setViewportSize(size);
      assertEquals(pageHeight, 400);
    });
  },
);
