import { assertEquals, assertMatch } from "@std/assert";
import { mayRunProcesses } from "./permissions.ts";

const ignore = !mayRunProcesses;
const lab = new URL("../", import.meta.url);

async function grade(...args: string[]): Promise<{ status: number; out: string; err: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "grade", ...args],
    cwd: lab,
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  return { status: code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

Deno.test("grade shows the compiler's message and gives no point, when types are wrong", {
  ignore,
}, async () => {
  const folder = await Deno.makeTempDir();
  try {
    for (const file of ["client.ts", "server.ts"]) {
      await Deno.copyFile(new URL(file, lab), `${folder}/${file}`);
    }
    await Deno.writeTextFile(`${folder}/client.ts`, "\nconst n: number = '';\n", { append: true });
    await Deno.writeTextFile(`${folder}/late.txt`, "seven");
    const { status, out } = await grade(folder, "--seeds=1");
    assertEquals(status, 1);
    assertMatch(out, /client\.ts:\d+: TS2322/);
    assertMatch(out, /Total: 0 of 100 points/);
    assertMatch(out, /Note: late\.txt holds "seven"; expected a whole number from 0 to 3/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("grade says in one line that a folder is not there", { ignore }, async () => {
  const { status, err } = await grade("nowhere");
  assertEquals(status, 2);
  assertEquals(
    err,
    'grade: There is no folder "nowhere"; expected one with a client.ts and a server.ts\n',
  );
});
