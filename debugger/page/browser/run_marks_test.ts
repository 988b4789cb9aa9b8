import { assertEquals } from "@std/assert";
import type { Step } from "../../protocol.ts";
import { marksOf } from "./run_marks.ts";

function step(kind: Step["kind"], message: number, drawn: Step["drawn"] = []): Step {
  return { kind, message, drawn, atMs: 0, text: "", machines: [] };
}

function arrow(from: string, to: string): Step["drawn"] {
  return [{ kind: "message", atMs: 0, from, to, text: "", isLost: false }];
}

Deno.test("marksOf() ends a message where it arrives or is lost, and leaves it open before", () => {
  const marks = marksOf([
    step("sent", 0, arrow("clerk 0", "server 0")),
    step("sent", 1, arrow("clerk 1", "server 0")),
    step("delivered", 0),
    step("replied", 0, arrow("server 0", "clerk 0")),
    step("timed out", 0),
    step("dropped", 0),
    step("sent", 2, arrow("clerk 0", "server 0")),
    step("dropped", 2),
  ]);
  assertEquals(
    marks.map((mark) => mark.kind === "message" && [mark.row, mark.endRow]),
    [[0, 2], [1, undefined], [3, 5], [6, 7]],
  );
});
