import { assertEquals } from "@std/assert";
import { mayRunProcesses } from "./permissions_fixture.ts";
import { sweepTemporary } from "./temporary.ts";

Deno.test("sweepTemporary() removes the folders of processes that are gone, and no others", {
  ignore: !mayRunProcesses,
}, async () => {
  const gone = new Deno.Command(Deno.execPath(), { args: ["--version"], stdout: "null" }).spawn();
  await gone.status;
  const folder = await Deno.makeTempDir();
  try {
    const kept = ["kvlab-mine", `kvlab-${Deno.pid}-a`, "other-1-a"];
    for (const name of [...kept, `kvlab-${gone.pid}-a`]) {
      await Deno.mkdir(`${folder}/${name}/in`, { recursive: true });
    }
    await sweepTemporary(folder);
    const left = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
    assertEquals(left.toSorted(), kept.toSorted());
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
