import { Buffer } from "node:buffer";
import { gunzipSync } from "node:zlib";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { check, cutMiddle, kv, type Operation, register } from "../linearizability/mod.ts";
import type { PageContent, PageStory } from "./content.ts";
import { lengthFor, showValue } from "./cut.ts";
import { longStory, recording, STORY } from "./fixture.ts";
import { renderPage } from "./page.ts";
import { pageParts } from "./parts.ts";
import { pageScript } from "./script.ts";

const MEBIBYTE = 2 ** 20;

/** A test that reads the modules of the page. */
function scriptTest(name: string, fn: () => void): void {
  const ignore = Deno.permissions.querySync({ name: "read" }).state !== "granted";
  Deno.test({ name, ignore, fn });
}

function partsOf(operations: Operation[]) {
  return pageParts(kv, check(kv, operations));
}

/** A story in which every text is the same. */
function storyOf(text: string): PageStory {
  const steps = [
    { kind: "note", atMs: 0, at: text, text },
    { kind: "message", atMs: 1, from: text, to: "server 0", text, isLost: false },
    { kind: "message", atMs: 2, from: text, to: text, text, isLost: true },
  ] as const;
  return { title: text, columns: [text], steps, notes: [{ label: text, text }] };
}

/** Returns the story, without the markup of its lists. */
function listIn(page: string, item: "li" | "text"): string[] {
  const story = page.match(/<section id="story"[^]*?<\/section>/)![0];
  return Array.from(
    story.matchAll(new RegExp(`<${item}[^>]*>([^<]*)</${item}>`, "g")),
    ([, text]) => text!.replaceAll("&quot;", '"'),
  );
}

/** Returns the content that the page carries for its script. */
function dataIn(page: string): PageContent {
  const [, packed] = page.match(/<script type="application\/gzip" id="data">(.*?)<\/script>/)!;
  return JSON.parse(gunzipSync(Buffer.from(packed!, "base64")).toString());
}

Deno.test("pageParts() gives the states along the order", () => {
  const [part] = partsOf([
    { client: 0, op: "append", key: "k", value: "a", output: "", call: 0, return: 1 },
    { client: 1, op: "get", key: "k", output: "a", call: 2, return: 3 },
    { client: 0, op: "put", key: "k", value: "b", call: 4, return: 5 },
  ]);
  assertEquals(part!.order, [0, 1, 2]);
  assertEquals(part!.states, ['""', '"a"', '"a"', '"b"']);
  assertEquals(part!.operations[1], {
    client: 1,
    text: 'get("k")',
    result: '"a"',
    call: 2,
    return: 3,
  });
  assertEquals([part!.stuck, part!.reason], [undefined, undefined]);
});

Deno.test("pageParts() keeps operations without a result, and says which of them threw", () => {
  const threw = { client: 0, op: "get", key: "k", call: 2, return: null } as const;
  const operations = [
    { client: 0, op: "append", key: "k", value: "a", output: "", call: 0, return: 1 } as const,
    { ...threw, error: "TimeoutError: no reply" },
    { client: 1, op: "put", key: "k", value: "b", call: 3, return: null } as const,
    { client: 2, op: "get", key: "other", call: 4, return: null } as const,
  ];
  const parts = pageParts(kv, check(kv, operations));
  assertEquals(
    parts.map((part) => part.operations.map(({ text, error }) => [text, error])),
    [
      [
        ['append("k", "a")', undefined],
        ['put("k", "b")', undefined],
        ['get("k")', "TimeoutError: no reply"],
      ],
      [['get("other")', undefined]],
    ],
  );
});

Deno.test("pageParts() gives the reason and its operations when no order exists", () => {
  const [part] = partsOf([
    { client: 0, op: "append", key: "k", value: "a", output: "", call: 0, return: 1 },
    { client: 1, op: "get", key: "k", output: "", call: 2, return: 3 },
  ]);
  assertEquals(part!.verdict, "not linearizable");
  assertEquals([part!.order, part!.stuck], [[0], 1]);
  assertEquals(part!.reason!.kind, "stale read or lost write");
  assertEquals(part!.reason!.operations, [1, 0]);
});

Deno.test("pageParts() takes any model, and has reasons for key/value stores only", () => {
  const [part] = pageParts(
    register,
    check(register, [
      { client: 0, op: "write", value: 1, call: 0, return: 1 },
      { client: 1, op: "read", output: null, call: 2, return: 3 },
      { client: 2, op: "cas", value: [1, 2], output: true, call: 4, return: null },
    ]),
  );
  assertEquals(part!.states, ["null", "1"]);
  assertEquals(part!.operations.map(({ text, result }) => [text, result]), [
    ["write(1)", undefined],
    ["read()", "null"],
    ["cas(1 → 2)", "true"],
  ]);
  assertEquals(part!.verdict, "not linearizable");
  assertEquals(part!.reason, {
    kind: "contradiction",
    operations: [0, 1],
    sentence: "These 2 operations are not linearizable by themselves",
  });
});

Deno.test("cutMiddle() keeps whole characters at both ends", () => {
  assertEquals(cutMiddle("abc", 3), "abc");
  assertEquals(cutMiddle("😀".repeat(10), 6), "😀…[16 characters]…😀");
  assertEquals(cutMiddle("x".repeat(10_000), 2), "x…[9,998 characters]…x");
});

Deno.test("showValue() escapes invisible characters", () => {
  assertEquals(showValue("a\u202eb\u200bc\n", 100), '"a\\u202eb\\u200bc\\n"');
  assertEquals(showValue(undefined, 100), "undefined");
});

Deno.test("lengthFor() is smaller for more values", () => {
  assertEquals(lengthFor(0), 4_000);
  assert(lengthFor(5_000) < 4_000);
  assertEquals(lengthFor(1_000_000), 120);
});

scriptTest("renderPage() puts failing parts first, then inconclusive ones", () => {
  const part = { operations: [], order: [], states: ['""'] };
  const page = renderPage({
    title: "t",
    parts: [
      { name: "fine", verdict: "linearizable", ...part },
      { name: "open", verdict: "inconclusive", ...part },
      { name: "bad", verdict: "not linearizable", ...part },
    ],
  });
  assertEquals(dataIn(page).parts.map(({ name }) => name), [
    "bad",
    "open",
    "fine",
  ]);
  assertStringIncludes(
    page,
    "1 key is not linearizable, 1 key is inconclusive, 1 key is linearizable",
  );
});

scriptTest("renderPage() escapes everything when texts look like markup", () => {
  const text = `</script><script>alert("1")</script> & <!-- '`;
  const times = { sentMs: 0, deliveredMs: 1 };
  const content: PageContent = {
    title: text,
    notes: [{ label: text, text }],
    parts: partsOf([{ client: 0, op: "put", key: text, value: text, call: 0, return: 1 }]),
    faults: [{ atMs: 0, server: text, what: "stopped" }],
    messages: [{ id: 0, from: text, to: text, method: text, args: text, reply: text, ...times }],
    story: storyOf(text),
  };
  const page = renderPage(content);
  assert(!page.includes('alert("1")</script>'), "A script came in");
  assertEquals(page.match(/<\/script>/g)!.length, 2);
  assert(!page.includes("<!--"));
  assertEquals(dataIn(page).faults, content.faults);
  assertEquals(dataIn(page).messages, content.messages);
});

scriptTest("renderPage() shows the steps of a story in their order", () => {
  const page = renderPage({ title: "t", parts: [], story: STORY });
  assertEquals(listIn(page, "li"), [
    '0.0 ms, clerk 0: append("0", "x 0 0 y")',
    "0.0 ms, clerk 0 to server 0: 1 append",
    '0.5 ms, server 0 to clerk 0, lost: 1: ""',
    "100.0 ms, clerk 0: gets no reply to 1",
    "100.0 ms, clerk 0 to server 0: 2 append",
    '100.5 ms, server 0 to clerk 0: 2: "x 0 0 y"',
  ]);
  const order = [
    STORY.title,
    ">clerk 0<",
    ">Happened<",
    ">Hint<",
    ">The steps in words<",
    "<ol>",
    'id="page"',
  ];
  const places = order.map((text) => page.indexOf(text));
  assertEquals(places, places.toSorted((a, b) => a - b));
  assert(places[0]! > 0, "The title is missing");
});

scriptTest("renderPage() keeps both ends of a text when a step of a story is too long", () => {
  const text = `append("0", "${"x".repeat(MEBIBYTE)} end")`;
  const page = renderPage({ title: "t", parts: [], story: storyOf(text) });
  const words = listIn(page, "li")[0]!;
  assertMatch(words, /: append\("0", "xxx.*…\[1,044,\d+ characters\]…x+ end"\)$/);
  const drawn = listIn(page, "text").filter((label) => label.startsWith("append("));
  assert(drawn.length > 0);
  for (const label of drawn) assertMatch(label, /^append\("0".{0,30}…x* end"\)$/);
});

scriptTest(
  "renderPage() draws a column for each participant that the story does not list",
  () => {
    const page = renderPage({ title: "t", parts: [], story: { ...STORY, columns: ["server 0"] } });
    assertEquals(listIn(page, "text").slice(0, 3), ["ms", "server 0", "clerk 0"]);
  },
);

scriptTest("renderPage() draws no story when there is none", () => {
  assert(!renderPage({ title: "t", parts: [] }).includes('id="story"'));
  const page = renderPage({ title: "t", parts: [], story: { ...STORY, steps: [] } });
  assertStringIncludes(page, STORY.title);
  assert(!page.includes("<ol>"), "There is a list without steps");
});

scriptTest("renderPage() holds no address and forbids loading", () => {
  const page = renderPage({ ...recording({ operations: 10, clients: 2 }), story: longStory() });
  assertMatch(page, /Content-Security-Policy" content="default-src 'none'; script-src 'sha256-/);
  const addresses = page.match(/(?:https?:)?\/\/[\w.]+\.\w+[^\s"'`]*/g) ?? [];
  // The names of the languages that elements are written in.
  assert(addresses.every((address) => address.startsWith("http://www.w3.org/")), `${addresses}`);
  const markup = page.replaceAll(/<script[^]*?<\/script>/g, "");
  assert(!/\b(?:src|href|style)=|url\(|@import/.test(markup));
});

scriptTest(
  "renderPage() stays below 2 MiB when there are 10,000 operations and long states",
  () => {
    const page = renderPage(recording({ operations: 10_000, clients: 10, lossProbability: 0.3 }));
    assert(page.length < 2 * MEBIBYTE, `The page has ${page.length} characters`);
    const { length } = JSON.stringify(dataIn(page));
    assert(length < 12 * MEBIBYTE, `The page holds ${length} characters`);
  },
);

scriptTest("renderPage() stays small when every value has a megabyte", () => {
  const value = "x".repeat(MEBIBYTE);
  const text = value;
  const page = renderPage({
    title: text,
    notes: [{ label: text, text }],
    faults: [{ atMs: 0, server: text, what: "stopped" }],
    parts: partsOf([{
      client: 0,
      op: "append",
      key: text,
      value,
      output: text,
      call: 0,
      return: 1,
    }]),
    messages: [{ id: 0, from: text, to: text, method: text, args: text, reply: text, sentMs: 0 }],
    story: storyOf(text),
  });
  const length = page.length + JSON.stringify(dataIn(page)).length;
  assert(length < MEBIBYTE / 4, `The page has ${length} characters`);
});

scriptTest("pageScript() is one script, with no import and no export left", () => {
  const script = pageScript();
  assert(!/^(?:import|export) /m.test(script));
  assert(!script.includes("</script"));
});
