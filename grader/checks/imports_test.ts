import { assertEquals, assertMatch } from "@std/assert";
import { mayRunProcesses } from "../../cli/permissions_fixture.ts";
import { refusedImports } from "./imports.ts";

const ignore = !mayRunProcesses;
const fine = "export class Clerk {}\n";

function refused(client: string, server = fine): Promise<unknown[]> {
  return refusedImports(new Map([["client.ts", client], ["server.ts", server]]));
}

Deno.test(
  "refusedImports() reports the file, the line and the message of deno test",
  { ignore },
  async () => {
    assertEquals(await refused(fine, '\nimport "node:crypto";\nprocess;\n'), [{
      file: "server.ts",
      line: 2,
      message:
        'The import of "node:crypto" is not allowed; use crypto.randomUUID(), which needs no import',
    }, {
      file: "server.ts",
      line: 3,
      message:
        '"process" is not allowed; use queueMicrotask() for nextTick(), performance.now() for hrtime()',
    }]);
    assertEquals(await refused(fine), []);
  },
);

Deno.test("refusedImports() names a file that breaks the parser", { ignore }, async () => {
  const [problem] = await refused(`export const x = ${"(".repeat(200_000)}`) as {
    message: string;
  }[];
  assertMatch(problem!.message, /^client\.ts cannot be (?:read|parsed): /);
});

Deno.test(
  "refusedImports() ignores comments that disable lint rules",
  { ignore },
  async () => {
    assertEquals((await refused("// deno-lint-ignore-file\nDeno;\n")).length, 1);
  },
);
