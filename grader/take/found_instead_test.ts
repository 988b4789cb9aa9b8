import { assertEquals } from "@std/assert";
import { makeFolder } from "../../cli/folder_fixture.ts";
import { foundInstead } from "./found_instead.ts";
import { mayRunProcesses } from "../../cli/permissions_fixture.ts";

const ignore = !mayRunProcesses;

const FOLDERS: [files: string[], says: string][] = [
  [["lab/client.ts"], "found lab/client.ts; --root=lab grades that folder"],
  [["a/b/client.ts"], "found a/b/client.ts; --root=a/b grades that folder"],
  [["__MACOSX/client.ts", "node_modules/x/client.ts", ".git/client.ts"], "found nothing like it"],
  [["Client.ts", "server.ts"], "found Client.ts, which differs only in case"],
  [["solution.zip"], "found solution.zip"],
  [["kv.py", "main.py"], "found kv.py, main.py"],
  [
    ["a.ts", "b.ts", "c.ts", "d.ts", "e.ts", "f.ts", "g.ts"],
    "found a.ts, b.ts, c.ts, d.ts, e.ts and 2 more",
  ],
  [[], "found nothing like it"],
];

for (const [files, says] of FOLDERS) {
  const name = files.join(" and ") || "nothing";
  Deno.test(`foundInstead() names ${name}`, { ignore }, async () => {
    await using folder = await makeFolder(Object.fromEntries(files.map((file) => [file, ""])));
    assertEquals(await foundInstead(folder.path, "client.ts"), says);
  });
}

Deno.test("foundInstead() finds nothing if there is no folder", { ignore }, async () => {
  assertEquals(await foundInstead("/no such folder", "client.ts"), "found nothing like it");
});
