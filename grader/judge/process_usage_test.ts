import { assert, assertEquals } from "@std/assert";
import { mayRunProcesses } from "../permissions.ts";
import { cpuUsage, residentMb } from "./process_usage.ts";

const ignore = !mayRunProcesses;
/** No system has so many processes. */
const NOBODY = 2 ** 22 + 1;

Deno.test("residentMb() asks ps when there is no folder of processes", { ignore }, async () => {
  const mb = await residentMb(Deno.pid, "/no such folder");
  assert(mb > 10 && mb < 10_000, String(mb));
});

Deno.test("residentMb() is 0 when there is no such process", { ignore }, async () => {
  assertEquals(await residentMb(NOBODY), 0);
});

Deno.test("cpuUsage() grows while a process computes", {
  ignore: ignore || Deno.build.os !== "linux",
}, async () => {
  const before = await cpuUsage(Deno.pid);
  const untilMs = performance.now() + 100;
  while (performance.now() < untilMs);
  const after = await cpuUsage(Deno.pid);
  assert(after!.cpuMs > before!.cpuMs, `${before!.cpuMs} ${after!.cpuMs}`);
});

Deno.test("cpuUsage() reads the name of a command that holds spaces and parentheses", {
  ignore,
}, async () => {
  const folder = await Deno.makeTempDir({ prefix: "kvlab-" });
  try {
    await Deno.mkdir(`${folder}/7`);
    const numbers = Array.from({ length: 20 }, (_, i) => i);
    await Deno.writeTextFile(`${folder}/7/stat`, `7 (a) R (b) S ${numbers.join(" ")}\n`);
    assertEquals(await cpuUsage(7, folder), { cpuMs: (10 + 11) * 10, isAsleep: true });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("cpuUsage() is undefined when the system does not say", { ignore }, async () => {
  assertEquals(await cpuUsage(Deno.pid, "/no such folder"), undefined);
  assertEquals(await cpuUsage(NOBODY), undefined);
});
