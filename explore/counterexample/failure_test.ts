import { assert, assertEquals } from "@std/assert";
import { HINTS } from "../../testing/hints.ts";
import { relatedHints } from "./failure.ts";

Deno.test("relatedHints() treats all failures in which an operation never returns as one kind", () => {
  const livelock = { what: "Livelock at 120000.0 virtual ms", hint: HINTS.handlerThrew };
  assertEquals(relatedHints(livelock)[0], HINTS.handlerThrew);
  assert(relatedHints(livelock).includes(HINTS.silentServer));
  assert(relatedHints({ what: "", hint: HINTS.noProgress }).includes(HINTS.livelock));
  assertEquals(relatedHints({ what: "", hint: HINTS.handlerThrew }), [HINTS.handlerThrew]);
});
