import { assertEquals } from "@std/assert";
import { makeFolder } from "../../cli/folder_fixture.ts";
import { mayRunProcesses } from "../../cli/permissions_fixture.ts";
import { takeSubmission } from "./take_submission.ts";

Deno.test("takeSubmission() refuses a pipe and a folder in place of a file", {
  ignore: !mayRunProcesses || Deno.build.os === "windows",
}, async () => {
  await using folder = await makeFolder();
  await new Deno.Command("mkfifo", { args: [`${folder.path}/client.ts`] }).output();
  await Deno.mkdir(`${folder.path}/server.ts`);
  const { problems } = await takeSubmission(folder.path);
  assertEquals(problems.map(({ message }) => message), [
    "client.ts is not a file; expected one",
    "server.ts is not a file; expected one",
  ]);
});

Deno.test("takeSubmission() refuses links, large files and texts that are not UTF-8", {
  ignore: !mayRunProcesses,
}, async () => {
  await using folder = await makeFolder({
    "server.ts": "",
    "late.txt": new Uint8Array([0xff, 0xfe, 0xfd]),
  });
  await Deno.symlink("/etc/passwd", `${folder.path}/client.ts`);
  await Deno.truncate(`${folder.path}/server.ts`, 100_000_000);
  const { files, problems, notes } = await takeSubmission(folder.path);
  assertEquals(files.size, 0);
  assertEquals(problems.map(({ message }) => message), [
    "client.ts is a link; expected a file",
    "server.ts has 100000000 bytes; expected at most 262144",
  ]);
  assertEquals(notes, ["late.txt is not UTF-8 text"]);
});
