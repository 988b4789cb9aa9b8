import { assert, assertRejects } from "@std/assert";
import { gzipSync } from "fflate";
import { HistoryFileError } from "../linearizability/mod.ts";
import { historyText } from "./history_text.ts";

Deno.test("historyText() stops unpacking when the time is over", async () => {
  // Random bytes stay large when packed.
  let mixed = 1;
  const bytes = Uint8Array.from({ length: 200_000 }, () => {
    mixed = Math.imul(mixed, 1_103_515_245) + 12_345 | 0;
    return mixed >>> 16;
  });
  const packed = new Uint8Array(gzipSync(bytes));
  let asked = 0;
  await assertRejects(
    () => historyText(packed, () => ++asked >= 3),
    HistoryFileError,
    "it could not be read in the time given",
  );
  assert(asked <= 4, `asked ${asked} times`);
});
