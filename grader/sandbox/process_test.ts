import { assert, assertEquals } from "@std/assert";
import { mayRunProcesses } from "../permissions.ts";
import { residentMb } from "./process.ts";

const ignore = !mayRunProcesses;

Deno.test("residentMb() asks ps, where there is no folder of processes", { ignore }, async () => {
  const mb = await residentMb(Deno.pid, "/no such folder");
  assert(mb > 10 && mb < 10_000, String(mb));
});

Deno.test("residentMb() is 0, when there is no such process", { ignore }, async () => {
  assertEquals(await residentMb(2 ** 22 + 1), 0);
});
