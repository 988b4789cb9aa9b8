import { assertEquals } from "@std/assert";
import { timeLeft } from "./progress.ts";

Deno.test("timeLeft() returns minutes and seconds once a step is done", () => {
  assertEquals(timeLeft(5_000, 0, 10), "time left not known yet");
  assertEquals(timeLeft(5_000, 5, 10), "5 s left");
  assertEquals(timeLeft(10_000, 1, 14), "2 min 10 s left");
  assertEquals(timeLeft(10_000, 10, 10), "0 s left");
});
