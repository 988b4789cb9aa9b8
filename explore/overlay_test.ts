import { assertEquals, assertRejects } from "@std/assert";
import { mayRunProcesses } from "../grader/permissions.ts";
import { layOver } from "./overlay.ts";

const ignore = !mayRunProcesses;
const submission = new URL("../corpus/no_retry/", import.meta.url);

Deno.test("layOver() puts the submission over a copy of the lab, and takes it away again", {
  ignore,
}, async () => {
  let path: string;
  {
    await using overlay = await layOver(submission);
    path = overlay.path;
    for (const file of ["client.ts", "server.ts"]) {
      assertEquals(
        await Deno.readTextFile(`${path}/${file}`),
        await Deno.readTextFile(new URL(file, submission)),
      );
    }
    assertEquals(
      await Deno.readTextFile(`${path}/labrpc.ts`),
      await Deno.readTextFile(new URL("../labrpc.ts", import.meta.url)),
    );
  }
  await assertRejects(() => Deno.stat(path), Deno.errors.NotFound);
});

Deno.test(
  "layOver() fails and leaves nothing behind when a file is missing",
  { ignore },
  async () => {
    const tempDir = await Deno.makeTempDir();
    await assertRejects(
      () => layOver(new URL(`file://${tempDir}/`)),
      Deno.errors.NotFound,
      "client.ts",
    );
    await Deno.remove(tempDir);
  },
);
