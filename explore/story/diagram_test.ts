import { assertEquals } from "@std/assert";
import { storyLines } from "./diagram.ts";

Deno.test("storyLines() draws a call of a server to itself in its own column", () => {
  const parties = { kind: "message", from: "server 0", to: "server 0" } as const;
  const lines = storyLines({
    title: "A call to itself",
    columns: ["clerk 0", "server 0"],
    steps: [
      { ...parties, atMs: 0.5, text: "1 get", isLost: false },
      { ...parties, atMs: 1, text: "2 get", isLost: true },
      { ...parties, atMs: 2, text: "x".repeat(99), isLost: false },
    ],
    summary: "",
    violation: { what: "Wrong", hint: "Think" },
  });
  assertEquals(lines.slice(3, 6), [
    "      0.5  │                                       │↩ 1 get",
    "      1.0  │                                       │✗ 2 get",
    `      2.0  │                                       │↩ ${"x".repeat(34)}…`,
  ]);
});

Deno.test("storyLines() draws no diagram when it would be too wide to read", () => {
  const columns = Array.from({ length: 110 }, (_, i) => `clerk ${i}`).concat("server 0");
  const step = { kind: "message", from: "clerk 0", to: "server 0", text: "1 get" } as const;
  const lines = storyLines({
    title: "A crowd",
    columns,
    steps: [{ ...step, atMs: 0.5, isLost: false }],
    summary: "",
    violation: { what: "Wrong", hint: "Think" },
  });
  assertEquals(
    lines[2],
    "  111 clerks and servers are too many to draw here; the page that replay --html writes shows them",
  );
  assertEquals(lines.length, 6);
});
