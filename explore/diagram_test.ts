import { assertEquals } from "@std/assert";
import { storyLines } from "./diagram.ts";

Deno.test("storyLines() draws what a server sends to itself in its own column", () => {
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
