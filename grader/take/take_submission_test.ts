import { assertEquals } from "@std/assert";
import { mayRunProcesses } from "../../cli/permissions_fixture.ts";
import { takeSubmission } from "../take/take_submission.ts";

Deno.test("takeSubmission() refuses a pipe and a folder in place of a file", {
  ignore: !mayRunProcesses || Deno.build.os === "windows",
}, async () => {
  const folder = await Deno.makeTempDir();
  try {
    await new Deno.Command("mkfifo", { args: [`${folder}/client.ts`] }).output();
    await Deno.mkdir(`${folder}/server.ts`);
    const { problems } = await takeSubmission(folder);
    assertEquals(problems.map(({ message }) => message), [
      "client.ts is not a file; expected one",
      "server.ts is not a file; expected one",
    ]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("takeSubmission() refuses links, large files and texts that are not UTF-8", {
  ignore: !mayRunProcesses,
}, async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.symlink("/etc/passwd", `${folder}/client.ts`);
    await Deno.writeTextFile(`${folder}/server.ts`, "");
    await Deno.truncate(`${folder}/server.ts`, 100_000_000);
    await Deno.writeFile(`${folder}/late.txt`, new Uint8Array([0xff, 0xfe, 0xfd]));
    const { files, problems, notes } = await takeSubmission(folder);
    assertEquals(files.size, 0);
    assertEquals(problems.map(({ message }) => message), [
      "client.ts is a link; expected a file",
      "server.ts has 100000000 bytes; expected at most 262144",
    ]);
    assertEquals(notes, ["late.txt is not UTF-8 text"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
