import { assertEquals } from "@std/assert";
import { makeFolder } from "./folder_fixture.ts";
import { mayRunProcesses } from "./permissions_fixture.ts";
import { sweepTemporary } from "./temporary.ts";

Deno.test("sweepTemporary() removes the folders of processes that are gone, and no others", {
  ignore: !mayRunProcesses,
}, async () => {
  const gone = new Deno.Command(Deno.execPath(), { args: ["--version"], stdout: "null" }).spawn();
  await gone.status;
  await using folder = await makeFolder();
  const { path } = folder;
  const kept = ["kvlab-mine", `kvlab-${Deno.pid}-a`, "other-1-a"];
  for (const name of [...kept, `kvlab-${gone.pid}-a`]) {
    await Deno.mkdir(`${path}/${name}/in`, { recursive: true });
  }
  await sweepTemporary(path);
  const left = await Array.fromAsync(Deno.readDir(path), ({ name }) => name);
  assertEquals(left.toSorted(), kept.toSorted());
});
