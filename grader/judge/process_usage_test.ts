import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { makeFolder } from "../../cli/folder_fixture.ts";
import { mayRunProcesses } from "../../cli/permissions_fixture.ts";
import { UsageReader } from "./process_usage.ts";

const ignore = !mayRunProcesses;
const options = { ignore, sanitizeOps: false, sanitizeResources: false };
const onLinux = { ...options, ignore: ignore || Deno.build.os !== "linux" };
/** A number beyond those of any process. */
const NOBODY = 2 ** 22 + 1;

Deno.test("UsageReader asks ps if there is no folder of processes", options, async () => {
  using usages = new UsageReader("/no such folder");
  const { cpu, residentMb } = await usages.read(Deno.pid);
  assertEquals(cpu, undefined);
  assert(residentMb > 10 && residentMb < 10_000, String(residentMb));
});

Deno.test("UsageReader reports no usage of a process that does not exist", options, async () => {
  using usages = new UsageReader();
  assertEquals(await usages.read(NOBODY), { residentMb: 0 });
});

Deno.test(
  "UsageReader reports the processor time of a process that computes",
  onLinux,
  async () => {
    using usages = new UsageReader();
    const before = await usages.read(Deno.pid);
    const { user } = process.threadCpuUsage();
    while (process.threadCpuUsage().user < user + 30_000);
    const after = await usages.read(Deno.pid);
    assert(after.cpu!.cpuMs > before.cpu!.cpuMs, `${before.cpu!.cpuMs} ${after.cpu!.cpuMs}`);
    assert(after.residentMb > 10 && after.residentMb < 10_000, String(after.residentMb));
  },
);

Deno.test(
  "UsageReader accepts spaces and parentheses in the name of a command",
  options,
  async () => {
    const numbers = Array.from({ length: 30 }, (_, i) => i);
    await using folder = await makeFolder({ "7/stat": `7 (a) R (b) S ${numbers.join(" ")}\n` });
    using usages = new UsageReader(folder.path);
    const { cpu } = await usages.read(7);
    assertEquals(cpu, { cpuMs: (10 + 11) * 10, isAsleep: true });
  },
);

Deno.test("UsageReader works with the permissions of grading", onLinux, async () => {
  const url = new URL("process_usage.ts", import.meta.url).href;
  const code = `import { UsageReader } from "${url}";
using usages = new UsageReader();
console.log((await usages.read(Deno.pid)).cpu !== undefined);`;
  const lab = new URL("../../", import.meta.url);
  const { tasks } = JSON.parse(await Deno.readTextFile(new URL("deno.json", lab)));
  const permissions = tasks.grade.command.match(/--allow-\S+/g);
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      ...permissions,
      `data:text/javascript,${encodeURIComponent(code)}`,
    ],
    cwd: fileURLToPath(lab),
    env: { NO_COLOR: "1" },
  }).output();
  assertEquals(new TextDecoder().decode(stdout), "true\n");
});
