import { assertEquals, assertRejects } from "@std/assert";
import { LAB, processTest } from "./command_fixture.ts";
import { layOver } from "./overlay.ts";

processTest(
  "layOver() puts the submission into a copy of the lab, and removes the copy",
  async () => {
    const submission = new URL("corpus/no_retry/", LAB);
    let path: string;
    {
      await using overlay = await layOver(submission);
      path = overlay.path;
      for (const [file, from] of [["client.ts", submission], ["labrpc.ts", LAB]] as const) {
        const text = await Deno.readTextFile(`${path}/${file}`);
        assertEquals(text, await Deno.readTextFile(new URL(file, from)));
      }
    }
    await assertRejects(() => Deno.stat(path), Deno.errors.NotFound);
  },
);

processTest("layOver() fails when a file is missing", async () => {
  const folder = await Deno.makeTempDir();
  const missing = () => layOver(new URL(`file://${folder}/`));
  await assertRejects(missing, Deno.errors.NotFound, "client.ts");
  await Deno.remove(folder);
});
