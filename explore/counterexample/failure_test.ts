import { assert, assertEquals } from "@std/assert";
import { HINTS } from "../../testing/hints.ts";
import { hintsLike } from "./failure.ts";

Deno.test("hintsLike() treats all failures in which an operation never returns as one kind", () => {
  const livelock = { what: "Livelock at 120000.0 virtual ms", hint: HINTS.handlerThrew };
  assertEquals(hintsLike(livelock)[0], HINTS.handlerThrew);
  assert(hintsLike(livelock).includes(HINTS.silentServer));
  assert(hintsLike({ what: "", hint: HINTS.noProgress }).includes(HINTS.livelock));
  assertEquals(hintsLike({ what: "", hint: HINTS.handlerThrew }), [HINTS.handlerThrew]);
});
