import { assertEquals, assertMatch } from "@std/assert";
import { mayRunProcesses } from "./permissions_fixture.ts";

const hasShell = Deno.build.os === "linux";

/** Lets a command print its help in a shell. */
async function runInShell(ending: string): Promise<{ status: number; err: string }> {
  const { pathname } = new URL("../lincheck/lincheck.ts", import.meta.url);
  const { code, stderr } = await new Deno.Command("bash", {
    args: [
      "-c",
      `set -o pipefail; "$0" run --no-check --allow-read "$1" --help ${ending}`,
      Deno.execPath(),
      pathname,
    ],
  }).output();
  return { status: code, err: new TextDecoder().decode(stderr) };
}

Deno.test("main() says in one line that its output could not be written, with status 2", {
  ignore: !mayRunProcesses || !hasShell,
}, async () => {
  for (const ending of ["> /dev/full", "| true"]) {
    const { status, err } = await runInShell(ending);
    assertEquals(status, 2, ending);
    assertMatch(err, /^lincheck: Cannot write what it found: [^\n]+\n$/);
  }
  assertEquals((await runInShell("2> /dev/full")).status, 0);
});
